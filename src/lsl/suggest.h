/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was probably meant by a word that does not exist.
 */
#ifndef LSL_SUGGEST_H
#define LSL_SUGGEST_H

#include <stdbool.h>
#include <stddef.h>

/* The longest word that is compared; longer ones are like nothing. */
#define SUGGEST_MAX 48

/*
 * How many letters must be added, left out or exchanged to get from A to B,
 * upper and lower case being the same; SUGGEST_MAX at most.
 */
size_t suggest_distance(const char *a, const char *b);

/* Whether a distance is small enough to say "did you mean". */
bool suggest_is_near(size_t distance);

#endif
