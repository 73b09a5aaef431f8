/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was probably meant by a word that does not exist.
 */
#ifndef LSL_SPELLING_H
#define LSL_SPELLING_H

#include <stdbool.h>
#include <stddef.h>

/* The longest word that is compared; longer ones are like nothing. */
#define SPELLING_MAX 48

/*
 * How many letters must be added, left out or exchanged to get from A to B,
 * upper and lower case being the same; SPELLING_MAX at most.
 */
size_t spelling_distance(const char *a, const char *b);

/* Whether a distance is small enough to say "did you mean". */
bool spelling_is_near(size_t distance);

#endif
