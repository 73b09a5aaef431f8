/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What --debug shows: every decision and every system call that changes something or that a decision
 * depends on, one line each on stderr.
 */
#ifndef LSL_TRACE_H
#define LSL_TRACE_H

#include <stdbool.h>

/* Turns it on; without it, trace does nothing. */
void trace_enable(void);

bool trace_is_enabled(void);

void trace(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
