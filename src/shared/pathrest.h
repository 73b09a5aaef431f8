/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rest of a path, for functions that walk it component by component and
 * follow symbolic links themselves.
 */
#ifndef LSL_PATHREST_H
#define LSL_PATHREST_H

#include <limits.h>
#include <stdbool.h>

struct pathrest {
	char text[2 * PATH_MAX]; /* empty, or with slashes before it */
	int links; /* followed so far */
};

/*
 * Begins with PATH. Returns 0, or -ENAMETOOLONG if no system call accepts it.
 */
int pathrest_begin(struct pathrest *rest, const char *path);

/* Whether no component is left. */
bool pathrest_is_end(const struct pathrest *rest);

/*
 * Removes the first component, but not the slashes after it. Returns 0 or
 * -ENAMETOOLONG.
 */
int pathrest_take(struct pathrest *rest, char name[NAME_MAX + 1]);

enum {
	PATHREST_RELATIVE,
	PATHREST_ABSOLUTE, /* the walk goes on at the root */
};

/*
 * Puts the target of the link NAME, given as for readlinkat(2), before the
 * rest. Returns PATHREST_... or a negative errno; -ELOOP after too many links.
 */
int pathrest_follow(struct pathrest *rest, int dir, const char *name);

#endif
