/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LSL_PATHPREFIX_H
#define LSL_PATHPREFIX_H

#include <stdbool.h>
#include <string.h>

/* Whether PATH is DIR or below it, as they are written: no link is followed. */
static inline bool path_is_at_or_below(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return strncmp(path, dir, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

#endif
