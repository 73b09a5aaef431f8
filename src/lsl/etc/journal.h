/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The journal of a root filesystem: lsl's changes of it, so that any later lsl,
 * on any machine, can undo them. It is a file of root's, mode 0600, in the root
 * filesystem itself, /etc/.lsl-journal:
 *
 *	lsl-journal=1
 *	copy=/etc/resolv.conf
 *	had=1
 *	wrote=1234567890
 *	accounts=/etc/passwd
 *	had=1
 *	added=1234567890 alice
 *	aside=git:alice:x:1005:1005::/home/alice:/bin/sh
 *
 * A change is written here, and is on disk, before the file itself is changed.
 */
#ifndef LSL_JOURNAL_H
#define LSL_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "etc/accounts.h"

/* In the root filesystem. */
#define JOURNAL_PATH "/etc/.lsl-journal"

/* How many versions of a copy may be there while one replaces the other. */
#define JOURNAL_WRITTEN 2

struct journal_entry {
	char *target; /* absolute, in the container */
	/* people were merged in; else a copy took its place */
	bool is_accounts;
	bool had; /* the container had a file there */

	/*
	 * A copy: hashes of what lsl has put there, the latest first; 0: none.
	 */
	uint64_t written[JOURNAL_WRITTEN];
	/* the hash of the host's file when it was last looked at */
	uint64_t source;
	/* the container's own file belonged to a package */
	bool is_packaged;
	/* a package of the container has its own newer version there */
	bool is_own;

	/* Accounts. */
	struct account_change change;
	mode_t mode; /* before lsl changed it; 0: it did not */
};

struct journal {
	struct journal_entry *entry;
	size_t count;
	char *text; /* as it is on disk; NULL: there is no file */
};

/*
 * Reads the journal in the directory ETC of a root filesystem into *JOURNAL,
 * which journal_clear frees; an empty journal if there is none. -EPERM: users
 * other than root can change it. -EINVAL: it is not a journal of this version.
 */
int journal_read(int etc, struct journal *journal);

/*
 * Writes JOURNAL to the directory ETC, if it has changed, and waits until it is
 * on disk. Without entries the file is removed.
 */
int journal_write(int etc, struct journal *journal);

/* The entry of TARGET, or NULL. */
struct journal_entry *journal_find(struct journal *journal, const char *target);

/*
 * The entry of TARGET, a new one if there is none; NULL without memory. It is
 * valid until the next entry is added or removed.
 */
struct journal_entry *journal_add(struct journal *journal, const char *target);

void journal_remove(struct journal *journal, struct journal_entry *entry);

void journal_clear(struct journal *journal);

#endif
