/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files and directories below a root (inroot.h), made where they are missing.
 */
#ifndef LSL_INROOT_MAKE_H
#define LSL_INROOT_MAKE_H

/*
 * Opens the directory PATH below ROOT with O_PATH, and creates what is missing
 * of it, mode 0755. Nothing is created outside of ROOT's own mount: other
 * mounts below it are the host's directories, and links may lead there; then
 * -EXDEV. -EEXIST: a dangling symbolic link is in the way.
 */
int inroot_make_dir(int root, const char *path);

/*
 * The same, but a directory that is there already has to be on ROOT's own mount
 * as well, else -EXDEV: what is written to it never reaches another file
 * system.
 */
int inroot_make_dir_here(int root, const char *path);

/*
 * Opens what is at PATH itself with O_PATH | O_NOFOLLOW, creating an empty
 * file, and directories to it, where there is nothing. The fd may be that of a
 * symbolic link.
 */
int inroot_make_file(int root, const char *path);

#endif
