/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a container of the configuration will have commands at all, as seen
 * from the host. A root filesystem that is empty, or that was made half, has
 * none.
 */
#ifndef LSL_BINS_H
#define LSL_BINS_H

#include "container.h"

enum bins_state {
	BINS_HAVE_PROGRAMS, /* at least one program is in one of them */
	/* at least one of them is there, and no program is in any */
	BINS_ARE_EMPTY,
	BINS_ARE_MISSING, /* none of them is there */
	BINS_DO_NOT_ANSWER, /* a file system hangs */
	/* none has a program that can be seen, and one cannot be read */
	BINS_ARE_UNKNOWN,
};

/*
 * Looks at CONTAINER's bins where they are for the host (location.h). Ends at
 * the first program, as a rule after one look. A child process looks;
 * BINS_DO_NOT_ANSWER if a file system takes longer than two seconds.
 */
enum bins_state bins_look(const struct container *container);

/* What is wrong with bins in state STATE, as the end of a sentence, or NULL. */
const char *bins_problem(enum bins_state state);

#endif
