/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Paths below a root directory that is not the process's own, as a process with
 * that root would see them: an absolute symbolic link starts at that root, and
 * ".." does not lead out of it.
 */
#ifndef LSL_INROOT_H
#define LSL_INROOT_H

#include <stdbool.h>
#include <sys/stat.h>

/*
 * Opens PATH below the directory ROOT, an fd. FLAGS as for openat(2), without
 * O_CREAT; O_CLOEXEC is added. It uses openat2(2) with RESOLVE_IN_ROOT. If that
 * fails with ENOSYS or EPERM (a service's RestrictSUIDSGID=), or repeatedly
 * with EAGAIN, it opens component by component with O_NOFOLLOW. Returns an fd
 * or a negative errno.
 */
int inroot_open(int root, const char *path, int flags);

/* The same. With SAME_MOUNT: -EXDEV if PATH leads to another mount. */
int inroot_open_below(int root, const char *path, int flags, bool same_mount);

/* stat(2) of PATH below ROOT. 0 or a negative errno. */
int inroot_stat(int root, const char *path, struct stat *st);

#endif
