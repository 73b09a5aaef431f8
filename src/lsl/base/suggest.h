/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Suggestions for an unknown word. */
#ifndef LSL_SUGGEST_H
#define LSL_SUGGEST_H

#include <stdbool.h>
#include <stddef.h>

/* The longest word that is compared; longer ones resemble none. */
#define SUGGEST_MAX 48

/*
 * How many letters must be added, removed or replaced to turn A into B, without
 * regard to case; SUGGEST_MAX at most.
 */
size_t suggest_distance(const char *a, const char *b);

/* Whether a distance is small enough to say "did you mean". */
bool suggest_is_near(size_t distance);

#endif
