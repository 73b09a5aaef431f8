/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The directory that is mounted on, and the mount.
 */
#ifndef LSL_MOUNTPOINT_H
#define LSL_MOUNTPOINT_H

#include <stdbool.h>
#include <sys/types.h>

#include "failure.h"

/*
 * Opens DIR, an absolute path without symbolic links, to be mounted on. It and
 * what leads to it must be root's (safepath.h), and it must be empty. A command
 * directory whose daemon has died or hangs is detached first; one that lives is
 * an error. An fd or a negative errno.
 */
int mountpoint_prepare(const char *dir, struct failure *failure);

/* A mount of ours. */
struct mount {
	const char *dir; /* where it was mounted */
	int fuse; /* the open /dev/fuse that serves it, or -1 */
	dev_t device; /* of its file system, while that exists */
};

/*
 * Mounts a file system of ours on mount->dir, which is prepared first. SPEC is
 * what the mount table shows as its source. Sets the rest of MOUNT, whose fuse
 * the caller closes. 0 or a negative errno.
 */
int mountpoint_mount(struct mount *mount, const char *spec, struct failure *failure);

/*
 * Whether MOUNT is the one on top of its directory, served or not. By the time
 * that we ask, another daemon may have mounted there: umount(8) would find its
 * mount busy while we have it open. So nothing is opened or walked to.
 */
bool mountpoint_is_ours(const struct mount *mount);

/*
 * Detaches MOUNT, which may be in use, if it is the one on top of its
 * directory.
 */
void mountpoint_detach(const struct mount *mount);

#endif
