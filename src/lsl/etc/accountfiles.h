/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The account files of a root filesystem with the host's people in them. The
 * merge itself is accounts.h; here are the files, their lock, their modes and
 * their backups.
 */
#ifndef LSL_ACCOUNTFILES_H
#define LSL_ACCOUNTFILES_H

#include "etc/etcwork.h"

/* People of the host who are in none of its files. Texts are never NULL. */
struct accountfiles_people {
	const char *uids; /* decimal, with ';' between them */
	/* their lines in the host's user database */
	const char *passwd, *group;
};

struct accountfiles {
	/* the host's file for each that mnt names, else NULL */
	const char *sources[ACCOUNT_FILES];
	struct accountfiles_people people;
	/*
	 * users other than root can change the root filesystem: write no hash
	 */
	bool is_shared;
};

/*
 * Updates the people in the container's files and says what fails. At every
 * moment the container's programs find complete files. People who no longer
 * belong in a file are removed from it, and from backups that programs inside
 * have made (passwd-, passwd.org); without any sources from all files. Returns
 * 0 or a negative errno; in both cases each file is either unchanged or
 * updated, and the journal is correct.
 */
int accountfiles_apply(struct etcwork *work, const struct accountfiles *files);

#endif
