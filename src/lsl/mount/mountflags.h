/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Flags of mounts. They belong to one mount and not to its file system, so
 * setting them in a container's namespace does not change the host's mounts of
 * the same file systems.
 */
#ifndef LSL_MOUNTFLAGS_H
#define LSL_MOUNTFLAGS_H

#include <stdbool.h>

/*
 * Adds FLAGS, MS_NOSUID or MS_RDONLY or both, to an attached mount, whose root
 * is FD, and if IS_RECURSIVE, to all mounts below it but the one at EXCEPT, if
 * that is not NULL. Their other flags stay. It uses mount_setattr(2). Kernels
 * without that call, and calls with EXCEPT, change one mount after the other,
 * except mounts that are hidden by another one.
 *
 * Returns 0 or a negative errno; -EINVAL: FD is not the root of a mount.
 */
int mountflags_add(int fd, unsigned long flags, bool is_recursive, const char *except);

#endif
