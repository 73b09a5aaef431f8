/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The directories that lead to a file, those of symbolic links too. A user with
 * write access to one of them can replace the file.
 */
#ifndef LSL_SAFEPATH_FIND_H
#define LSL_SAFEPATH_FIND_H

#include <limits.h>

#include "files/emptygroup.h"

enum {
	SAFEPATH_SAFE,
	SAFEPATH_UNSAFE,
};

struct unsafe_place {
	char place[PATH_MAX]; /* as seen below the root */
};

/*
 * Follows PATH below the directory ROOT, an fd, as inroot_open does.
 * SAFEPATH_SAFE: ROOT, all directories that lead to the file, and the file are
 * root's and not writable by others. There are two exceptions: such a directory
 * may be sticky (safepath.h), and a group without members, by the account files
 * of GROUPS (emptygroup.h), may write. SAFEPATH_UNSAFE: UNSAFE is the first
 * unsafe one. A negative errno: it cannot be followed; UNSAFE is the place of
 * the failure.
 */
int safepath_find_unsafe(int root, const char *path, struct account_roots *groups,
			 struct unsafe_place *unsafe);

#endif
