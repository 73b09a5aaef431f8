/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether only root can change a file: root owns it, and nobody else can write
 * to it. This is checked on an open file, not on a path.
 */
#ifndef LSL_SAFEPATH_H
#define LSL_SAFEPATH_H

#include <stdbool.h>
#include <sys/stat.h>

/* Whether only root can change what ST describes. */
bool safepath_is_root_only(const struct stat *st);

/*
 * Opens the directory PATH, absolute, one component after the other, and
 * follows no symbolic link. Root must own each of these directories. No other
 * user may be able to write to it, unless it is sticky like /tmp: there only
 * its owner can rename a file, and the next directory is root's. The last one
 * must not be writable by others at all. So only root can have put it there.
 *
 * Returns an O_PATH, close-on-exec fd. -EPERM: it is not a safe path. -ELOOP:
 * it has a symbolic link. Other negative errno as from openat(2).
 */
int safepath_open_dir(const char *path);

#endif
