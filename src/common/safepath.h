/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whom a file belongs to, asked of what was opened and not of a path: root's,
 * and writable by nobody else.
 */
#ifndef LSL_SAFEPATH_H
#define LSL_SAFEPATH_H

#include <stdbool.h>
#include <sys/stat.h>

/* Whether only root can change what ST describes. */
bool safepath_is_root_only(const struct stat *st);

/*
 * Opens the directory PATH, absolute, one component after the other, following
 * no symbolic link, and requires that nobody but root could have
 * put any of them there: each directory on the way is root's, and either
 * not writable by others or sticky (as /tmp is: there only a file's owner
 * can rename it, and the next one is root's). The last one must not be
 * writable by others at all.
 *
 * An O_PATH, close-on-exec fd. -EPERM: not root's alone. -ELOOP: a symbolic
 * link on the way. Other negative errno as openat(2) gives them.
 */
int safepath_open_dir(const char *path);

#endif
