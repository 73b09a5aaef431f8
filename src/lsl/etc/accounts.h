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

#include <stdint.h>

#include "base/lines.h"
#include "etc/people.h"

/*
 * The changes to undo in one account file. Keep it as long as the people are in
 * the file.
 */
struct account_change {
	struct lines added; /* names of the host's lines, each once */
	/* the hash of each name's lines, in decimal, in the same order */
	struct lines written;
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
 * Puts ENTRIES into LINES, which are the lines of FILE without any people.
 * Fills *CHANGE, empty before, for accounts_take_out. If ONLY is not NULL,
 * other names are left out. Returns 0 or -ENOMEM.
 */
int accounts_put_in(struct lines *lines, enum account_file file,
		    const struct account_entries *entries, const struct people *people,
		    const struct lines *only, struct account_change *change);

/*
 * Calls FOUND with each name of CHANGE whose lines in LINES differ from the
 * added ones. Skips names without lines, because a killed run may not have
 * added them. Returns 0 or -ENOMEM.
 */
int accounts_visit_changed(const struct lines *lines, const struct account_change *change,
			   void (*found)(const char *name, void *arg), void *arg);

/* Whether LINE is that of one of NAMES. */
bool accounts_is_line_of_any(const char *line, const struct lines *names);

/* The line in one of account_change's aside. */
const char *account_line_aside(const char *aside);

void account_change_clear(struct account_change *change);

#endif
