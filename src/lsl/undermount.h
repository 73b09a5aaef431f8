/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The directory under a mount. A bind of a mount's root does not follow the
 * host: the kernel propagates an unmount to mounts in copies of the mount's
 * parent, and the bind is in none. With a copy of the parent's directory below
 * the bind it is, so what the host unmounts goes, and what it mounts in its
 * place comes.
 */
#ifndef LSL_UNDERMOUNT_H
#define LSL_UNDERMOUNT_H

/*
 * Clones the directory that the mount lies on whose root FD is, an O_PATH fd of
 * a directory. PLACE is its path without links. SCRATCH is a directory that is
 * mounted on for a moment, in a mount namespace that nobody else is in.
 *
 * The detached clone, an fd: read-only, since programs would otherwise write
 * there after an unmount; a slave of the parent as the caller's mounts are.
 * -EINVAL: FD is no mount's root, or the mount cannot be followed. Another
 * negative errno: it failed.
 */
int undermount_clone(int fd, const char *place, const char *scratch);

#endif
