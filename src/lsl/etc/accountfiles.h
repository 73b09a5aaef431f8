/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The account files of a root filesystem with the host's people in them. The
 * merge itself is accounts.h; here are the files, their lock, their modes and
 * their backups.
 */
#ifndef LSL_ACCOUNTFILES_H
#define LSL_ACCOUNTFILES_H

#include <stdbool.h>

#include "etc/journal.h"
#include "etc/people.h"

/* People of the host who are in none of its files. Texts are never NULL. */
struct accountfiles_people {
	const char *uids; /* decimal, with ';' between them */
	/* their lines in the host's user database */
	const char *passwd, *group;
};

struct accountfiles {
	const char *container; /* its name, for messages */
	int etc; /* the container's /etc */
	/* the host's file for each that mnt names, else NULL */
	const char *sources[ACCOUNT_FILES];
	struct accountfiles_people people;
	/* not a refresh: say which people are not found */
	bool is_start;
	/*
	 * users other than root can change the root filesystem: write no hash
	 */
	bool is_shared;
	/* of the root filesystem; is written while files change */
	struct journal *journal;
	void (*say)(const char *format, ...) __attribute__((format(printf, 1, 2)));
};

/*
 * Updates the people in the container's files and says what fails. At every
 * moment the container's programs find complete files. People who no longer
 * belong in a file are removed from it, and from backups that programs inside
 * have made (passwd-, passwd.org); without any sources from all files. Returns
 * 0 or a negative errno; in both cases each file is either unchanged or
 * updated, and the journal is correct.
 */
int accountfiles_apply(const struct accountfiles *files);

#endif
