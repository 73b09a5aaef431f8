/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Merges the host's people (people.h) into an account file of a container, and
 * takes them out again. The container's own lines stay as they are: what its
 * package manager and its administrators change in them is theirs. The rules:
 *
 *	A name stands once. Where the container has the name of a person, its
 *	line is set aside until the person is taken out. Where it has the name
 *	of a system group, its line stays and the host's is not taken.
 *
 *	First match wins in every C library. So a line of the host comes before
 *	the container's line with the same number, else it comes last.
 *
 *	Lines that were put in are known by their names, never by their places:
 *	programs sort these files.
 */
#ifndef LSL_ACCOUNTS_H
#define LSL_ACCOUNTS_H

#include <stdint.h>

#include "lines.h"
#include "people.h"

/*
 * What is to be undone in one account file. To be kept as long as the people
 * are in it.
 */
struct account_change {
	struct lines added; /* names of the host's lines, each once */
	/* the hash of each name's lines, in decimal, in the same order */
	struct lines written;
	struct lines aside; /* lines of the container that stand aside */
};

/*
 * Takes out of LINES what CHANGE says was put in, and puts back what was set
 * aside. Afterwards LINES are what the container made of its own part. 0 or
 * -ENOMEM.
 */
int accounts_take_out(struct lines *lines, const struct account_change *change);

/*
 * Puts ENTRIES into LINES, which are those of FILE without any people. *CHANGE,
 * empty before, becomes what accounts_take_out needs. ONLY, if it is not NULL,
 * are the names to be taken; all others are left out. 0 or -ENOMEM.
 */
int accounts_put_in(struct lines *lines, enum account_file file,
		    const struct account_entries *entries, const struct people *people,
		    const struct lines *only, struct account_change *change);

/*
 * Calls FOUND with each name of CHANGE whose lines in LINES differ from those
 * that were put in. A name without lines is passed over: a run that was killed
 * may not have put them in. 0 or -ENOMEM.
 */
int accounts_visit_changed(const struct lines *lines, const struct account_change *change,
			   void (*found)(const char *name, void *arg), void *arg);

void account_change_clear(struct account_change *change);

#endif
