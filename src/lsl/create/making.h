/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The work of maker.h's process for lsl create and lsl remove: it fetches,
 * unpacks, measures and removes root filesystems below STATEDIR.
 */
#ifndef LSL_MAKING_H
#define LSL_MAKING_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "lsl.h"
#include "create/maker.h"
#include "create/source.h"

enum making_work {
	/*
	 * fill STATEDIR/NAME/rootfs from the source; NAME is removed when the
	 * process ends
	 */
	MAKING_FETCH,
	MAKING_MEASURE, /* the size of the directory at the path NAME */
	/* remove the directory STATEDIR/NAME with all its contents */
	MAKING_REMOVE,
};

struct making_answer {
	int status; /* 0 or a negative errno */
	struct failure failure; /* may be empty */
	/* of MAKING_FETCH: the source's directory, or empty */
	char adopted[PATH_MAX];
	char verified[256]; /* what was verified, or empty */
	bool has_locked_root; /* root had no password */
	uint64_t bytes; /* of MAKING_MEASURE, on disk */
};

/* The parameters of the process. */
struct making {
	const struct options *options;
	const struct source *source; /* NULL: nothing is fetched */
	const char *name; /* the container's */
	/*
	 * the process's own: the directory to remove in the end; empty at first
	 */
	char work[NAME_MAX + 1];
};

/* Starts the process. On failure says why and returns false. Keep MAKING. */
bool making_start(struct maker *maker, struct making *making);

/*
 * Makes the process do WORK. Fills ANSWER in any case, and returns its status.
 */
int making_ask(const struct maker *maker, enum making_work work, const char *name,
	       struct making_answer *answer);

#endif
