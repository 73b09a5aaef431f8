/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What lsl create and lsl remove have the process of maker.h do: it fetches and
 * unpacks, measures and removes root filesystems below STATEDIR.
 */
#ifndef LSL_MAKING_H
#define LSL_MAKING_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "lsl.h"
#include "maker.h"
#include "source.h"

enum making_work {
	/*
	 * fill STATEDIR/NAME/rootfs from the source; NAME is removed when the
	 * process ends
	 */
	MAKING_FETCH,
	MAKING_MEASURE, /* the size of the directory at the path NAME */
	/* remove the directory STATEDIR/NAME and all that is in it */
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

/* What the process knows from its start. */
struct making {
	const struct options *options;
	const struct source *source; /* NULL: nothing is fetched */
	const char *name; /* the container's */
	/* its own: what is to be removed in the end; empty */
	char work[NAME_MAX + 1];
};

/* Starts the process. False after saying why it could not. MAKING stays. */
bool making_start(struct maker *maker, struct making *making);

/* Has it do WORK. ANSWER->status, with ANSWER filled in any case. */
int making_ask(const struct maker *maker, enum making_work work, const char *name,
	       struct making_answer *answer);

#endif
