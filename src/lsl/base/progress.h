/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The progress of lsl, on one line of a terminal, if the command takes longer
 * than a second:
 *
 *	lsl: start debian (3 of 100 containers)
 *
 * Shows nothing if stderr is no terminal, or with --debug, which prints more.
 * There is one progress at a time.
 */
#ifndef LSL_PROGRESS_H
#define LSL_PROGRESS_H

#include <stddef.h>

/* ACTION is done to TOTAL containers; static text. */
void progress_begin(const char *action, size_t total);

/* The next one begins. */
void progress_next(const char *name);

/* Removes the line, so that another one can be printed. */
void progress_clear(void);

void progress_end(void);

#endif
