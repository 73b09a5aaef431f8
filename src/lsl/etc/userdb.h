/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process that asks the host's user database, by getpwuid(3), because
 * people of sssd, systemd-homed and other services are in no file. The C
 * library loads modules for that, and they can do anything. So lsl forks a
 * process without privilege for it, before it gives up its own privileges.
 */
#ifndef LSL_USERDB_H
#define LSL_USERDB_H

#include "base/forked.h"

/* The limit of an answer, in bytes: no list of people is longer. */
#define USERDB_TEXT_MAX (256UL * 1024)

struct userdb {
	struct forked process; /* its pid 0: none was started */
};

/*
 * The answer of the user database, as lines of passwd(5) and group(5); both
 * NULL without an answer. The caller frees passwd, which group is a part of.
 */
struct userdb_answer {
	char *passwd;
	/* the groups of these people, with only these people as members */
	const char *group;
};

/* Forks the process. 0 or a negative errno. */
int userdb_start(struct userdb *userdb);

/*
 * Asks for the users of UIDS, decimal numbers with ';' between them. Users who
 * are not found are missing in the answer. Returns 0 or a negative errno;
 * -ETIMEDOUT: the database does not answer.
 */
int userdb_ask(const struct userdb *userdb, const char *uids, struct userdb_answer *answer);

/* Ends the process, if there is one. */
void userdb_end(struct userdb *userdb);

#endif
