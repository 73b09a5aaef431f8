/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a container of the configuration will have commands at all, as seen from the
 * host. A root filesystem that is empty, or that was made half, has none.
 */
#ifndef LSL_BINS_H
#define LSL_BINS_H

#include "container.h"

enum bins_state {
	BINS_HAVE_PROGRAMS, /* at least one program is in one of them */
	BINS_ARE_EMPTY, /* at least one of them is there, and no program is in any */
	BINS_ARE_MISSING, /* none of them is there */
	BINS_DO_NOT_ANSWER, /* a file system hangs */
	BINS_ARE_UNKNOWN, /* none has a program that can be seen, and one cannot be read */
};

/*
 * Looks at CONTAINER's bins where they are for the host (location.h). Ends at the
 * first program, as a rule after one look. BINS_DO_NOT_ANSWER where a file system
 * takes longer than two seconds: a process of its own looks.
 */
enum bins_state bins_look(const struct container *container);

/* What is wrong with bins in state STATE, as the end of a sentence; NULL where nothing is known to be. */
const char *bins_problem(enum bins_state state);

#endif
