/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Merges the host's people (people.h) into an account file of a container, and
 * takes them out again. The container's own lines stay, with all changes by its
 * package manager and its administrators. The rules:
 *
 *	Each name has one line. If the container has the name of a person, its
 *	line is set aside until the person is taken out. If it has the name
 *	of a system group, its line stays and the host's is not taken.
 *
 *	First match wins in every C library. So a line of the host comes before
 *	the container's line with the same number, else it comes last.
 *
 *	Added lines are found by their names, never by their places, because
 *	programs sort these files.
 */
#ifndef LSL_ACCOUNTS_H
#define LSL_ACCOUNTS_H

#include "etc/people.h"

/*
 * The changes to undo in one account file. Keep it as long as the people are in
 * the file.
 */
struct account_change {
	/*
	 * "NAME:HASH" for each name of the host's lines, sorted by
	 * accountlines_sort. HASH is of its lines, in decimal.
	 */
	struct lines added;
	/*
	 * Lines of the container that were set aside, each after the name of
	 * the container's line before it, or nothing, and a colon.
	 */
	struct lines aside;
};

/*
 * Undoes CHANGE in LINES: removes the added lines, and puts the others back.
 * Afterwards LINES are the container's own, with its changes. Returns 0 or
 * -ENOMEM.
 */
int accounts_take_out(struct lines *lines, const struct account_change *change);

/*
 * Puts PEOPLE into LINES, which are the lines of FILE without any people. Fills
 * *CHANGE, empty before, for accounts_take_out. If ONLY is not NULL, names that
 * are not in this added of another change are left out. Returns 0 or -ENOMEM.
 */
int accounts_put_in(struct lines *lines, enum account_file file, const struct people *people,
		    const struct lines *only, struct account_change *change);

/*
 * Adds to NAMES those of CHANGE whose lines in LINES differ from the added
 * ones. Leaves out names without lines, because a killed run may not have added
 * them. Returns 0 or -ENOMEM.
 */
int accounts_find_changed(const struct lines *lines, const struct account_change *change,
			  struct lines *names);

/* Whether LINE has one of the names that CHANGE has added. */
bool account_change_has(const struct account_change *change, const char *line);

/* The line in one of account_change's aside. */
const char *account_line_aside(const char *aside);

/*
 * Makes CHANGE undo NEW as well, because a kill may leave either in the file. 0
 * or -ENOMEM.
 */
int account_change_join(const struct account_change *new, struct account_change *change);

void account_change_clear(struct account_change *change);

#endif
