/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process that a container's mount namespace is built in: a child that
 * unshares it, builds (mountns.h) and waits until its parent has pinned the
 * namespace from outside.
 */
#ifndef LSL_NSBUILD_H
#define LSL_NSBUILD_H

#include <sys/types.h>

#include "container.h"
#include "failure.h"

struct nsbuild {
	pid_t pid; /* the child, in the finished namespace */
	int control; /* closing it lets the child end */
};

/*
 * Starts the child and waits until the namespace of CONTAINER is built. On
 * failure the child is gone and FAILURE says why, also when a signal killed it.
 */
int nsbuild_start(const struct container *container, struct nsbuild *build,
		  struct failure *failure);

/* Lets the child end and reaps it. */
int nsbuild_end(struct nsbuild *build, struct failure *failure);

#endif
