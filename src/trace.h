/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What --debug shows: every mount and every decision, one line each on stderr.
 */
#ifndef LSL_TRACE_H
#define LSL_TRACE_H

/* Turns it on; without it, trace does nothing. */
void trace_enable(void);

void trace(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
