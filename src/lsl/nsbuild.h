/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process that a container's mount namespace is built in: a child that
 * unshares it, builds (mountns.h) and waits until its parent has pinned the
 * namespace from outside. And the one that adds to such a namespace later.
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

/*
 * Called for each bind of a container, by its number, when it was added (STATUS
 * 0) or could not be: a negative errno.
 */
typedef void nsbuild_added(size_t number, int status, const struct failure *failure, void *arg);

/*
 * Brings the mount namespace NSFD up to date in a child, see mountns_update. A
 * negative errno, with FAILURE, when that could not be done as a whole; DONE
 * may have been called for some binds all the same.
 */
int nsbuild_update(const struct container *container, const char *mnt, int nsfd,
		   nsbuild_added *done, void *arg, struct failure *failure);

#endif
