/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mount point, and the mount. */
#ifndef LSL_MOUNTPOINT_H
#define LSL_MOUNTPOINT_H

#include <stdbool.h>
#include <sys/types.h>

#include "failure.h"

/*
 * Opens DIR, an absolute path without symbolic links, as a mount point. It must
 * be a safe path (safepath.h) and empty. A command directory whose daemon has
 * died or hangs is detached first; if the daemon answers, that is an error.
 * Returns an fd or a negative errno.
 */
int mountpoint_prepare(const char *dir, struct failure *failure);

/* A mount of the command directory. */
struct mount {
	const char *dir; /* where it was mounted */
	int fuse; /* the open /dev/fuse that serves it, or -1 */
	dev_t device; /* of its file system, while that exists */
};

/*
 * Prepares mount->dir and mounts the file system there. SPEC is its source in
 * the mount table. Sets the rest of MOUNT, whose fuse the caller closes. 0 or a
 * negative errno.
 */
int mountpoint_mount(struct mount *mount, const char *spec, struct failure *failure);

/*
 * Whether MOUNT is the top mount of its directory, served or not. It opens and
 * walks to nothing, because another daemon may have mounted there meanwhile,
 * and umount(8) would find that mount busy while we have it open.
 */
bool mountpoint_is_ours(const struct mount *mount);

/*
 * Detaches MOUNT, which may be in use, if it is the top mount of its directory.
 */
void mountpoint_detach(const struct mount *mount);

#endif
