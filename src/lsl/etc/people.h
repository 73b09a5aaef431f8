/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The host's people, as lines for a container's account files. People are the
 * passwd entries with a uid from UID_MIN to UID_MAX of login.defs(5). Groups
 * come with them: the primary group of each, and every group that has one of
 * them as a member. No other account is taken: no system user, no root, no
 * member that is not a person.
 */
#ifndef LSL_PEOPLE_H
#define LSL_PEOPLE_H

#include "etc/accountline.h"

struct people {
	struct lines of[ACCOUNT_FILES]; /* for each file of a container */
	id_t uid_min, uid_max, gid_min; /* of login.defs */
	const char *extra; /* the source's */
	const char *password; /* the second field of passwd: "x" or "*" */
};

/* The host's files; a missing one has no lines. */
struct people_source {
	struct lines of[ACCOUNT_FILES];
	struct lines login_defs;
	/* uids with ';' between them: people beyond UID_MAX, too; or NULL */
	const char *extra;
	/* the container has a shadow file, so passwd refers to it */
	bool has_shadow;
	bool with_hashes; /* the people's password hashes, not "*" */
};

/*
 * Fills *PEOPLE from SOURCE; people_clear frees it. Malformed lines, and lines
 * with control characters, are left out. 0 or -ENOMEM.
 */
int people_read(const struct people_source *source, struct people *people);

void people_source_clear(struct people_source *source);

void people_clear(struct people *people);

#endif
