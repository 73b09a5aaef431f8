/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Paths as they are written: no file is looked at.
 */
#ifndef LSL_PATHTEXT_H
#define LSL_PATHTEXT_H

#include <limits.h>
#include <stdbool.h>
#include <string.h>

/* Whether PATH is DIR or below it. */
static inline bool path_is_at_or_below(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return strncmp(path, dir, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

/* Whether LIST, a PATH or NULL, has the directory DIR. */
static inline bool path_list_has(const char *list, const char *dir)
{
	size_t len;

	for (; list; list = list[len] ? list + len + 1 : NULL) {
		len = strcspn(list, ":");
		if (len == strlen(dir) && strncmp(list, dir, len) == 0)
			return true;
	}
	return false;
}

/*
 * Replaces PATH, a symbolic link, by its target, the LEN bytes of TARGET.
 * False: that is too long.
 */
static inline bool path_follow(char path[PATH_MAX], const char *target, size_t len)
{
	size_t keep = target[0] == '/' ? 0 : (size_t)(strrchr(path, '/') + 1 - path);

	if (keep + len >= PATH_MAX)
		return false;
	memcpy(path + keep, target, len);
	path[keep + len] = '\0';
	return true;
}

/* Appends a slash and NAME to PATH. False: that is too long. */
static inline bool path_append(char path[PATH_MAX], const char *name)
{
	size_t len = strlen(path);

	if (len + 1 + strlen(name) >= PATH_MAX)
		return false;
	path[len] = '/';
	strcpy(path + len + 1, name);
	return true;
}

/* Removes the last component of PATH and the slash before it; "" stays. */
static inline void path_go_up(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash)
		*slash = '\0';
}

/* Leaves one of several slashes, and none at the end. */
static inline void path_squeeze_slashes(char *path)
{
	const char *from;
	char *to = path;

	for (from = path; *from != '\0'; from++)
		if (*from != '/' || to == path || to[-1] != '/')
			*to++ = *from;
	if (to > path + 1 && to[-1] == '/')
		to--;
	*to = '\0';
}

#endif
