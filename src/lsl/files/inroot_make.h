/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes missing files and directories below a root (inroot.h). */
#ifndef LSL_INROOT_MAKE_H
#define LSL_INROOT_MAKE_H

/*
 * Opens the directory PATH below ROOT with O_PATH, and creates missing
 * directories with mode 0755. It creates nothing outside of ROOT's own mount,
 * because other mounts below it are the host's directories, and links may lead
 * there; -EXDEV. -EEXIST: PATH leads to a dangling symbolic link.
 */
int inroot_make_dir(int root, const char *path);

/*
 * The same, but an existing directory has to be on ROOT's own mount as well,
 * else -EXDEV. So writing to it never changes another file system.
 */
int inroot_make_dir_here(int root, const char *path);

/*
 * Opens PATH with O_PATH | O_NOFOLLOW; creates a missing file, empty, and the
 * directories that lead to it. The fd may be a symbolic link.
 */
int inroot_make_file(int root, const char *path);

#endif
