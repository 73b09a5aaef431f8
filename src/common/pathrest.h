/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The part of a path that is still to be walked, component by component, by
 * functions that follow symbolic links themselves.
 */
#ifndef LSL_PATHREST_H
#define LSL_PATHREST_H

#include <limits.h>
#include <stdbool.h>

struct pathrest {
	char text[2 * PATH_MAX]; /* empty, or with slashes before it */
	int links; /* followed so far */
};

/* Begins with PATH. 0, or -ENAMETOOLONG if no system call takes it. */
int pathrest_begin(struct pathrest *rest, const char *path);

/* Whether no component is left. */
bool pathrest_is_end(const struct pathrest *rest);

/*
 * Takes the first component off, and leaves the slashes after it. 0, or
 * -ENAMETOOLONG.
 */
int pathrest_take(struct pathrest *rest, char name[NAME_MAX + 1]);

enum {
	PATHREST_RELATIVE,
	PATHREST_ABSOLUTE, /* the walk goes on at the root */
};

/*
 * Puts the target of the link NAME, as for readlinkat(2), before the rest.
 * Returns PATHREST_... or a negative errno; -ELOOP after too many links.
 */
int pathrest_follow(struct pathrest *rest, int dir, const char *name);

#endif
