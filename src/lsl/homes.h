/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The containers whose processes are looked for. Most processes of a container
 * are in its namespace, however they came there. Some are in another one, which
 * has the container's root directory, and the host's at /oldRoot: programs that
 * an earlier stop has left, and those that were started by a program which has
 * made a mount namespace of its own.
 */
#ifndef LSL_HOMES_H
#define LSL_HOMES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "conf.h"
#include "nsfile.h"

struct home {
	char *name; /* the container's */
	char *path; /* its root directory on the host, or NULL */
	struct nsfile_id ns; /* its namespace; of none: it is not started */
	bool is_in_rundir; /* it is started, or half of it */
};

/* A namespace that root has made, and that no container was started with. */
struct home_guess {
	struct nsfile_id ns;
	const struct home *home; /* NULL: of no container */
	/* Keeps the number from being given to another namespace; or -1. */
	int nsfd;
};

struct homes {
	struct home *list;
	size_t count;
	struct home_guess *guesses;
	size_t guess_count;
};

/*
 * Reads the homes of the containers that are in RUNDIR, which may be negative,
 * and of those in CONF, which may be NULL. Not root, who may not list RUNDIR,
 * needs CONF. 0 or a negative errno; cleared in either case.
 */
int homes_read(struct homes *homes, int rundir, const struct conf *conf);

/* The home of the process PID, or NULL. */
const struct home *homes_of(struct homes *homes, pid_t pid);

void homes_clear(struct homes *homes);

#endif
