/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether only root can change a file: it is root's, and not writable by
 * others. That is asked of what was opened, not of a path.
 */
#ifndef LSL_SAFEPATH_H
#define LSL_SAFEPATH_H

#include <stdbool.h>
#include <sys/stat.h>

/* Whether only root can change what ST describes. */
bool safepath_is_root_only(const struct stat *st);

/*
 * Opens the directory PATH, absolute, one component after the other, and
 * follows no symbolic link. Each directory on the way has to be root's, and not
 * writable by others, or sticky as /tmp is: there only its owner can rename a
 * file, and the next directory is root's. The last one must not be writable by
 * others at all. So only root can have put it there.
 *
 * An O_PATH, close-on-exec fd. -EPERM: not root's alone. -ELOOP: a symbolic
 * link on the way. Other negative errno as openat(2) gives them.
 */
int safepath_open_dir(const char *path);

#endif
