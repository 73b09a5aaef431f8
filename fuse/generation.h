/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A clock that ticks with every change of what the command directory shows.
 * Each container remembers the tick of its last change, and what was made from it (a
 * listing, the kernel's cache) the tick it was made at: so "is this still true?" is a
 * comparison. The root directory changes with every tick.
 *
 * Whoever learns of a change ticks first and tells the kernel afterwards. So
 * what was looked at before the tick can be told from what is new.
 */
#ifndef LSL_GENERATION_H
#define LSL_GENERATION_H

#include <stdint.h>

/* The tick of the last change; 1 when there was none yet. */
uint64_t generation_now(void);

/* Ticks, and returns the new tick. */
uint64_t generation_next(void);

#endif
