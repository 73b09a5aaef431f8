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

/*
 * Starts the child, *BUILDER, which builds the namespace of CONTAINER and stays
 * in it, and waits until it is built. On failure the child has been reaped and
 * FAILURE has the reason, also if a signal killed it.
 */
int nsbuild_start(const struct container *container, pid_t *builder, struct failure *failure);

/* Ends the child and reaps it. */
void nsbuild_end(pid_t builder);

/*
 * Called for each bind of a container, with its number. STATUS is 0 if it was
 * added, or a negative errno.
 */
typedef void nsbuild_added(size_t number, int status, const struct failure *failure, void *arg);

/*
 * Updates the mount namespace NSFD in a child, see mountns_update. Returns a
 * negative errno, with FAILURE, if the whole update failed; even then DONE may
 * have been called for some binds.
 */
int nsbuild_update(const struct container *container, const struct container *started, int nsfd,
		   nsbuild_added *done, void *arg, struct failure *failure);

#endif
