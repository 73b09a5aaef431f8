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

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The files in which C libraries and shadow(3) keep accounts. */
enum account_file {
	ACCOUNT_PASSWD,
	ACCOUNT_GROUP,
	ACCOUNT_SHADOW,
	ACCOUNT_GSHADOW,
	ACCOUNT_SUBUID,
	ACCOUNT_SUBGID,
	ACCOUNT_FILES, /* how many */
};

/* "/etc/passwd" and so on. */
const char *account_file_path(enum account_file file);

/* The file with that path, or -1. */
int account_file_of(const char *path);

struct account_entry {
	char *name;
	bool has_number; /* passwd and group lines have one */
	id_t number;
	bool is_system; /* a group below GID_MIN */
	char *line; /* without newline */
};

/* The lines for one account file of a container. */
struct account_entries {
	struct account_entry *entry;
	size_t count;
};

struct people {
	struct account_entries of[ACCOUNT_FILES];
	id_t uid_min, uid_max, gid_min; /* of login.defs */
	const char *extra; /* the source's */
	const char *password; /* the second field of passwd: "x" or "*" */
};

/* The host's files; NULL for a missing one. */
struct people_source {
	const char *text[ACCOUNT_FILES];
	const char *login_defs;
	/* uids with ';' between them: people beyond UID_MAX, too */
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

void people_clear(struct people *people);

#endif
