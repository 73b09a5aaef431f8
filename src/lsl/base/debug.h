/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What --debug shows: every decision and every system call that changes
 * something or that a decision depends on, one line each on stderr.
 */
#ifndef LSL_DEBUG_H
#define LSL_DEBUG_H

#include <stdbool.h>

/* Turns it on; without it, debug does nothing. */
void debug_enable(void);

bool debug_is_enabled(void);

void debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
