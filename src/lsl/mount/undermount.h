/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The directory under a mount. A bind of a mount's root does not follow the
 * host: the kernel propagates an unmount to mounts in copies of the mount's
 * parent, and the bind is in none. A copy of the parent's directory below the
 * bind changes that: the bind then follows unmounts of the host, and later
 * mounts in the same place.
 */
#ifndef LSL_UNDERMOUNT_H
#define LSL_UNDERMOUNT_H

/*
 * Clones the mount point of the mount whose root is FD, an O_PATH fd of a
 * directory. PLACE is its path without links. SCRATCH is a directory that
 * serves as a mount point for a moment, in a mount namespace that no other
 * process is in.
 *
 * Returns the detached clone, an fd. It is read-only, because programs would
 * otherwise write there after an unmount, and a slave of the parent, like the
 * caller's mounts. -EINVAL: FD is not the root of a mount, or the mount cannot
 * be followed. Another negative errno: it failed.
 */
int undermount_clone(int fd, const char *place, const char *scratch);

#endif
