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
	const char *passwd, *group; /* lines that the host's user database has of them */
};

struct accountfiles {
	const char *container; /* its name, for messages */
	int etc; /* the container's /etc */
	const char *sources[ACCOUNT_FILES]; /* the host's file for each that mnt names, else NULL */
	struct accountfiles_people people;
	bool is_start; /* not a refresh: who of the people is not found is said */
	bool is_shared; /* others than root can change the root filesystem: no hash goes there */
	struct journal *journal; /* of the root filesystem; is written while files change */
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
 * backups (passwd- and so on) that programs inside have made. The journal has no
 * entry of an account file afterwards; it is the caller's to write. 0 or a
 * negative errno.
 */
int accountfiles_take_out(const struct accountfiles *files);

#endif
