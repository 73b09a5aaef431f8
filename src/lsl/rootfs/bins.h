/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a configured container will have commands, as seen from the host. An
 * empty or incomplete root filesystem has none.
 */
#ifndef LSL_BINS_H
#define LSL_BINS_H

#include "conf/container.h"

enum bins_state {
	BINS_ARE_MISSING, /* none of them is there */
	/* at least one of them is there, and no program is in any */
	BINS_ARE_EMPTY,
	/* no program was seen, and one of them cannot be read */
	BINS_ARE_UNKNOWN,
	BINS_HAVE_PROGRAMS, /* at least one program is in one of them */
	BINS_DO_NOT_ANSWER, /* a file system hangs */
};

/*
 * Looks at CONTAINER's bins at their places on the host (location.h), until it
 * finds a program, usually the first file. A child process looks;
 * BINS_DO_NOT_ANSWER if a file system takes longer than two seconds.
 */
enum bins_state bins_look(const struct container *container);

/*
 * The problem of CONTAINER's bins in STATE, as the end of a sentence, or NULL.
 */
const char *bins_problem(const struct container *container, enum bins_state state);

#endif
