/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/suggest.h"

#include <string.h>

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static size_t smallest(size_t a, size_t b, size_t c)
{
	if (b < a)
		a = b;
	return c < a ? c : a;
}

size_t suggest_distance(const char *a, const char *b)
{
	size_t row[SUGGEST_MAX + 1], len = strlen(b), diagonal, above, i, j;

	if (strlen(a) > SUGGEST_MAX || len > SUGGEST_MAX)
		return SUGGEST_MAX;
	for (j = 0; j <= len; j++)
		row[j] = j;
	for (i = 1; a[i - 1] != '\0'; i++) {
		diagonal = row[0];
		row[0] = i;
		for (j = 1; j <= len; j++) {
			above = row[j];
			row[j] = smallest(diagonal + (lower(a[i - 1]) != lower(b[j - 1])),
					  above + 1, row[j - 1] + 1);
			diagonal = above;
		}
	}
	return row[len];
}

bool suggest_is_near(size_t distance)
{
	return distance <= 2;
}
