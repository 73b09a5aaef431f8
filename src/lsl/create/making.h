/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process that runs tools (tool.h) for lsl create, remove and images: it
 * fetches, unpacks, measures and removes root filesystems below STATEDIR. lsl
 * forks it before it gives up its privileges and loads its system call filter,
 * which forbids execve, and sends it requests afterwards. When lsl ends, the
 * process and its tools end too.
 */
#ifndef LSL_MAKING_H
#define LSL_MAKING_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/forked.h"
#include "create/source.h"
#include "lsl.h"

enum making_work {
	/*
	 * fill STATEDIR/NAME/rootfs from the source; NAME is removed when the
	 * process ends
	 */
	MAKING_FETCH,
	MAKING_MEASURE, /* the size of the directory at the path NAME */
	/* remove the directory STATEDIR/NAME with all its contents */
	MAKING_REMOVE,
	/* write the lines of a server's images (imageindex.h); no NAME */
	MAKING_LIST,
};

struct making_answer {
	int status; /* 0 or a negative errno */
	struct failure failure; /* may be empty */
	/* of MAKING_FETCH; its archive is closed */
	struct source_result source;
	bool has_locked_root; /* root had no password */
	uint64_t bytes; /* of MAKING_MEASURE, on disk */
};

/* The parameters of the process. */
struct making {
	const struct options *options;
	const struct source *source; /* NULL: nothing is fetched */
	int list; /* of MAKING_LIST: the file for the lines */
	/*
	 * the process's own: directories to remove in the end; empty at first
	 */
	char work[NAME_MAX + 1], second[NAME_MAX + 1];
};

/*
 * Forks the process. It keeps the capabilities that tools need, and all of
 * lsl's if the source needs root. On failure says why and returns false. Keep
 * MAKING. forked_end ends the process after its last answer.
 */
bool making_start(struct forked *process, struct making *making);

/*
 * Makes the process do WORK. Fills ANSWER in any case, and returns its status.
 */
int making_ask(const struct forked *process, enum making_work work, const char *name,
	       struct making_answer *answer);

/* For store_sweep: makes PROCESS remove the directory WORK. */
int making_remove_leftover(const char *work, const char *name, void *process);

#endif
