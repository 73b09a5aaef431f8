/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Flags of mounts, which belong to one mount and not to its file system: set in
 * a container's namespace, they leave the host's mounts of the same file
 * systems as they are.
 */
#ifndef LSL_MOUNTFLAGS_H
#define LSL_MOUNTFLAGS_H

#include <stdbool.h>

/*
 * Adds FLAGS, MS_NOSUID or MS_RDONLY or both, to the mount whose root FD is,
 * which is attached, and, where IS_RECURSIVE, to all mounts below it. Their
 * other flags stay. By mount_setattr(2), or mount by mount where the kernel has
 * no such call: then a mount that is hidden by another one is left out.
 *
 * A negative errno; -EINVAL: FD is no mount's root.
 */
int mountflags_add(int fd, unsigned long flags, bool is_recursive);

/* The same for it and all mounts below, but for the one at EXCEPT. */
int mountflags_add_except(int fd, unsigned long flags, const char *except);

#endif
