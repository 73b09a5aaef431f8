/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Time that only passes, for deadlines: clock_gettime(2), CLOCK_MONOTONIC.
 */
#ifndef LSL_MONOTONIC_H
#define LSL_MONOTONIC_H

#include <stdint.h>
#include <time.h>

/* In milliseconds, since an arbitrary moment. */
static inline long monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

/*
 * The same in nanoseconds. It counts from the same moment in all processes of a
 * machine.
 */
static inline uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

#endif
