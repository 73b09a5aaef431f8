/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A container's mount namespace. mountns.c begins with an overview. */
#ifndef LSL_MOUNTNS_H
#define LSL_MOUNTNS_H

#include "conf/container.h"
#include "failure.h"

/*
 * Builds CONTAINER's mount tree in the calling process's mount namespace and
 * makes the container's root its root. The caller has just unshared that
 * namespace (nsbuild.h) and is its only member; after a failure it must leave
 * it.
 *
 * The host's tree is changed only below container->path, where missing mount
 * points are created. A bind is skipped if its source is missing, or if a link
 * of a user leads to it (hostpath.h).
 *
 * Privilege: CAP_SYS_ADMIN; CAP_DAC_READ_SEARCH to reach sources in closed
 * directories.
 */
int mountns_build(const struct container *container, struct failure *failure);

/* 0, or a negative errno and its reason. */
struct bind_result {
	int status;
	struct failure failure;
};

/*
 * Updates the mount namespace NSFD of the container STARTED, which is in use:
 * adds BIND_COUNT binds, and sets the flags of later mounts of the host. The
 * caller is as for mountns_build, but without binds it need not have unshared a
 * namespace. Afterwards it is in NSFD.
 *
 * RESULTS has room for each bind, and a member more. If one bind fails, the
 * others are still added. Returns a negative errno, with FAILURE, if the whole
 * update failed.
 *
 * Privilege: CAP_SYS_CHROOT too.
 */
int mountns_update(const struct container *started, int nsfd, const struct bind *binds,
		   size_t bind_count, struct bind_result *results, struct failure *failure);

#endif
