/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a root filesystem has of the host's files below /etc: people in its
 * account files (accountfiles.h), copies of all others (copies.h), and the
 * journal that undoes both. A root filesystem of Debian's kind also has a
 * policy-rc.d that keeps its services from being started.
 */
#ifndef LSL_HOSTFILES_H
#define LSL_HOSTFILES_H

#include <stdbool.h>
#include <stddef.h>

#include "accountfiles.h"
#include "container.h"

/* Called with a line for the user. */
typedef void hostfiles_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

struct hostfiles {
	const char *container; /* its name, for messages */
	const char *path; /* its root filesystem */
	/* each for a file below /etc: hostfiles_takes */
	const struct bind *binds;
	size_t count;
	struct accountfiles_people people;
	unsigned int own; /* OWN_... of the container */
	/* not a refresh: what the container's programs put there goes */
	bool is_start;
	hostfiles_say *say;
};

/*
 * Whether BIND is of this kind: its target is below /etc, and its source is a
 * regular file or missing, since it may appear later.
 */
bool hostfiles_takes(const struct bind *bind);

/*
 * Brings the root filesystem up to date. STATUSES has room for each bind: 0, or
 * a negative errno; with -EISDIR and -EROFS it has to be mounted. What the
 * journal has of other binds is taken out. What fails otherwise is said. 0, or
 * a negative errno when nothing could be done.
 */
int hostfiles_apply(const struct hostfiles *files, int *statuses);

/*
 * Takes out all that the journal has. 0 also where there is no journal. What
 * fails is said, and stays in the journal.
 */
int hostfiles_take_out(const struct hostfiles *files);

#endif
