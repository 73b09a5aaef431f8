/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process that builds a container's mount namespace: a child that unshares
 * it, builds it (mountns.h) and stays in it until its parent has pinned the
 * namespace from outside. And the process that updates such a namespace later.
 */
#ifndef LSL_NSBUILD_H
#define LSL_NSBUILD_H

#include <sys/types.h>

#include "conf/container.h"
#include "failure.h"
#include "mount/mountns.h"

/*
 * Starts the child, *BUILDER, which builds the namespace of CONTAINER and stays
 * in it, and waits until it is built. On failure the child has been reaped and
 * FAILURE has the reason, also if a signal killed it.
 */
int nsbuild_start(const struct container *container, pid_t *builder, struct failure *failure);

/* Ends the child and reaps it. */
void nsbuild_end(pid_t builder);

/*
 * mountns_update in a child. ADDED has room for COUNT results, 0 at first, and
 * one more; they are only filled in if the whole update succeeded.
 */
int nsbuild_update(const struct container *started, int nsfd, const struct bind *binds,
		   size_t count, struct bind_result *added, struct failure *failure);

#endif
