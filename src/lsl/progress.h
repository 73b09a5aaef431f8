/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How far lsl is, on one line of a terminal, once that takes longer than a
 * second:
 *
 *	lsl: start debian (3 of 100 containers)
 *
 * Nothing where stderr is no terminal, or with --debug, which says more. One at
 * a time.
 */
#ifndef LSL_PROGRESS_H
#define LSL_PROGRESS_H

#include <stddef.h>

/* ACTION is done to TOTAL containers; static text. */
void progress_begin(const char *action, size_t total);

/* The next one begins. */
void progress_next(const char *name);

/* Makes room for a line of something else. */
void progress_clear(void);

void progress_end(void);

#endif
