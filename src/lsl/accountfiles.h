/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The account files of a root filesystem with the host's people in them. The
 * merge itself is accounts.h; here are the files, their lock, their modes and
 * their backups.
 */
#ifndef LSL_ACCOUNTFILES_H
#define LSL_ACCOUNTFILES_H

#include <stdbool.h>

#include "journal.h"
#include "people.h"

/* People of the host who are in no file of it. Texts are never NULL. */
struct accountfiles_people {
	const char *uids; /* decimal, with ';' between them */
	/* lines that the host's user database has of them */
	const char *passwd, *group;
};

struct accountfiles {
	const char *container; /* its name, for messages */
	int etc; /* the container's /etc */
	/* the host's file for each that mnt names, else NULL */
	const char *sources[ACCOUNT_FILES];
	struct accountfiles_people people;
	/* not a refresh: who of the people is not found is said */
	bool is_start;
	/*
	 * others than root can change the root filesystem: no hash goes there
	 */
	bool is_shared;
	/* of the root filesystem; is written while files change */
	struct journal *journal;
	void (*say)(const char *format, ...) __attribute__((format(printf, 1, 2)));
};

/*
 * Brings the people in the container's files up to date. What cannot be done is
 * said. The container's programs find whole files at every moment. 0 or a
 * negative errno; then each file is as it was or as it should be, and the
 * journal is right.
 */
int accountfiles_apply(const struct accountfiles *files);

/*
 * Takes all people out of the files that the journal names, and out of the
 * backups (passwd- and so on) that programs inside have made. The journal has
 * no entry of an account file afterwards; it is the caller's to write. 0 or a
 * negative errno.
 */
int accountfiles_take_out(const struct accountfiles *files);

#endif
