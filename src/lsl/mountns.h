/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A container's mount namespace. mountns.c begins with the story of it.
 */
#ifndef LSL_MOUNTNS_H
#define LSL_MOUNTNS_H

#include "container.h"
#include "failure.h"

/*
 * Builds CONTAINER's mount tree in the calling process's mount namespace and
 * makes the container's root its root. The caller has just unshared that
 * namespace (nsbuild.h) and is its only member; after a failure it must leave
 * it.
 *
 * The host's tree is changed only below container->path, where missing mount
 * points are created. A source of a bind that is not there, or to which a link
 * of a user leads (hostpath.h), is skipped.
 *
 * Privilege: CAP_SYS_ADMIN; CAP_DAC_READ_SEARCH to reach sources in closed
 * directories.
 */
int mountns_build(const struct container *container, struct failure *failure);

/*
 * Brings the mount namespace NSFD, which was built before and is in use, up to
 * date: adds CONTAINER's binds, and gives what the host has mounted since its
 * flags. MNT is that of the namespace's record. The caller is as for
 * mountns_build, but without binds it need not have unshared a namespace;
 * afterwards it is in NSFD.
 *
 * STATUSES and FAILURES have room for each bind: 0, or a negative errno and
 * why. One that fails leaves the others. A negative errno, with FAILURE, when
 * the whole failed.
 *
 * Privilege: CAP_SYS_CHROOT too.
 */
int mountns_update(const struct container *container, const char *mnt, int nsfd, int *statuses,
		   struct failure *failures, struct failure *failure);

#endif
