/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The containers whose processes are searched. Most processes of a container
 * are in its namespace, however they got there. Some are in another one that
 * has the container's root directory, and the host's at /oldRoot: programs that
 * an earlier stop has left, and programs that were started in a mount namespace
 * made inside.
 */
#ifndef LSL_HOMES_H
#define LSL_HOMES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "conf/conf.h"
#include "nsfile.h"

struct home {
	char *name; /* the container's */
	char *path; /* its root directory on the host, or NULL */
	struct nsfile_id ns; /* its namespace, if it is started */
	bool is_in_rundir; /* it is started, or broken */
};

/*
 * A namespace that root has made, and that is not the one of a started
 * container.
 */
struct home_guess {
	struct nsfile_id ns;
	const struct home *home; /* NULL: not of a container */
	/* Open, so that no other namespace gets the number; or -1. */
	int nsfd;
};

struct homes {
	struct home *list;
	size_t count;
	struct home_guess *guesses;
	size_t guess_count;
};

/*
 * Reads the homes of the containers in RUNDIR, which may be negative, and in
 * CONF, which may be NULL. Users other than root may not list RUNDIR and need
 * CONF or homes_add. Returns 0 or a negative errno; the caller clears HOMES in
 * either case.
 */
int homes_read(struct homes *homes, int rundir, const struct conf *conf);

/*
 * Adds the started container NAME in RUNDIR, unless it is there. Returns 0 or a
 * negative errno.
 */
int homes_add(struct homes *homes, int rundir, const char *name);

/* The home of the process PID, or NULL. */
const struct home *homes_of(struct homes *homes, pid_t pid);

void homes_clear(struct homes *homes);

#endif
