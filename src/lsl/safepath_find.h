/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way to a file: each directory that it leads through, those of symbolic
 * links too. A user who can write to one of them can replace the file.
 */
#ifndef LSL_SAFEPATH_FIND_H
#define LSL_SAFEPATH_FIND_H

#include <limits.h>

#include "emptygroup.h"

enum {
	SAFEPATH_SAFE,
	SAFEPATH_UNSAFE,
};

struct unsafe_place {
	char place[PATH_MAX]; /* as seen below the root */
};

/*
 * Follows PATH below the directory ROOT, an fd, as inroot_open does.
 * SAFEPATH_SAFE: all that it leads through, with ROOT and what is at its end,
 * is root's and not writable by others, except that a directory on the way may
 * be sticky (safepath.h), and that a group may write to which nobody belongs by
 * the account files of GROUPS (emptygroup.h). SAFEPATH_UNSAFE: UNSAFE is the
 * first that is not so. A negative errno: it cannot be followed; UNSAFE says
 * how far.
 */
int safepath_find_unsafe(int root, const char *path, const struct account_roots *groups,
			 struct unsafe_place *unsafe);

#endif
