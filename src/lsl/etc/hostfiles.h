/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The host's files below /etc in a root filesystem: people in its account files
 * (accountfiles.h), copies of the other files (copies.h), and the journal to
 * undo both. A Debian or a relative of it also gets a policy-rc.d that keeps
 * its services from being started.
 */
#ifndef LSL_HOSTFILES_H
#define LSL_HOSTFILES_H

#include <stdbool.h>
#include <stddef.h>

#include "etc/accountfiles.h"
#include "conf/container.h"

struct hostfiles {
	const char *container; /* its name, for messages */
	const char *path; /* its root filesystem */
	/* each for a file below /etc: hostfiles_takes */
	const struct bind *binds;
	size_t count;
	struct accountfiles_people people;
	unsigned int own; /* OWN_... of the container */
	/*
	 * not a refresh: remove files that the container's programs put there
	 */
	bool is_start;
	/* without binds: undo everything in the journal */
	bool is_stop;
};

/*
 * Whether BIND is of this kind: its target is below /etc, and its source is a
 * regular file or missing, since it may appear later.
 */
bool hostfiles_takes(const struct bind *bind);

/*
 * Updates the root filesystem. STATUSES has room for each bind: 0, or a
 * negative errno; -EISDIR and -EROFS mean that it has to be mounted. Copies of
 * other binds in the journal are taken out. Says what else fails, and leaves
 * that in the journal. Returns 0, or a negative errno if nothing could be done;
 * at a stop also if not everything could be undone.
 */
int hostfiles_apply(const struct hostfiles *files, int *statuses);

#endif
