/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Time that only passes, for deadlines: clock_gettime(2), CLOCK_MONOTONIC.
 */
#ifndef LSL_MONOTONIC_H
#define LSL_MONOTONIC_H

#include <time.h>

/* In milliseconds, since nobody knows when. */
static inline long monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

#endif
