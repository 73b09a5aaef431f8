/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Paths below a root directory that is not the process's own, as a process
 * would see them whose root it is: an absolute symbolic link starts at that
 * root, and ".." does not lead out of it.
 */
#ifndef LSL_INROOT_H
#define LSL_INROOT_H

#include <stdbool.h>
#include <sys/stat.h>

/*
 * Opens PATH below the directory ROOT, an fd. FLAGS as for openat(2), without
 * O_CREAT; O_CLOEXEC is added. By openat2(2) with RESOLVE_IN_ROOT; where that is refused with
 * ENOSYS or EPERM (a service's RestrictSUIDSGID=), by a walk of its own,
 * component by component with O_NOFOLLOW. An fd or a negative errno.
 */
int inroot_open(int root, const char *path, int flags);

/*
 * Opens the regular file PATH for reading. -EINVAL for anything else, which is not opened at all: to open a
 * device may have effects. An fd or a negative errno.
 */
int inroot_open_regular(int root, const char *path);

/*
 * The same for a text that is read line by line: -EFBIG where it is too large for that. A line
 * of a sparse file can be longer than memory.
 */
int inroot_open_text(int root, const char *path);

/* stat(2) of PATH below ROOT. 0 or a negative errno. */
int inroot_stat(int root, const char *path, struct stat *st);

/* The walk alone; for inroot_open and its test. SAME_MOUNT: -EXDEV where it would leave ROOT's mount. */
int inroot_walk(int root, const char *path, int flags, bool same_mount);

/*
 * Opens the directory PATH below ROOT with O_PATH, and creates what is missing of it,
 * mode 0755. Nothing is created outside of ROOT's own mount: other mounts below it are the host's
 * directories, and links may lead there; then -EXDEV. -EEXIST: a dangling symbolic link is in the way.
 */
int inroot_make_dir(int root, const char *path);

/*
 * The same, but a directory that is there already has to be on ROOT's own mount
 * as well, else -EXDEV: what is written to it never reaches another file system.
 */
int inroot_make_dir_here(int root, const char *path);

/*
 * Opens what is at PATH itself with O_PATH | O_NOFOLLOW, creating an empty file, and directories to
 * it, where there is nothing. The fd may be that of a symbolic link.
 */
int inroot_make_file(int root, const char *path);

#endif
