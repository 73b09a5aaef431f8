/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "place.h"

#include <stdbool.h>
#include <string.h>

#include "arena.h"
#include "pathnames.h"

/* The rest of PATH if it is DIR, of LEN bytes, or below it; else NULL. */
static const char *rest_below(const char *path, const char *dir, size_t len)
{
	if (strncmp(path, dir, len) != 0 || (path[len] && path[len] != '/'))
		return NULL;
	return path + len;
}

/* DIR, of LEN bytes, and REST, which is empty or begins with a slash. */
static const char *join(const char *dir, size_t len, const char *rest)
{
	size_t rest_size = strlen(rest) + 1;
	char *path = arena_alloc(len + rest_size + 1);

	memcpy(path, dir, len);
	memcpy(path + len, rest, rest_size);
	if (!*path)
		strcpy(path, "/");
	return path;
}

/* The last element of MNT, a record's, below which PATH is. */
static const char *in_mnt(const char *mnt, const char *path)
{
	const char *found = NULL, *target, *rest;
	size_t source_len, target_len, longest = 0;

	for (; *mnt; mnt = target + target_len + (target[target_len] == ';')) {
		source_len = strcspn(mnt, ":;");
		target = mnt + source_len + (mnt[source_len] == ':');
		target_len = strcspn(target, ";");
		rest = rest_below(path, target, target_len);
		if (!rest || target_len < longest)
			continue;
		longest = target_len;
		found = join(mnt, source_len, rest);
	}
	return found;
}

/* Directories of the host that have the same path in every container. */
static bool is_same_everywhere(const char *path)
{
	return rest_below(path, "/dev", 4) || rest_below(path, "/proc", 5) ||
	       rest_below(path, "/sys", 4) || rest_below(path, "/run", 4);
}

const char *place_on_host(const struct record *here, const char *path)
{
	const char *rest, *found;

	if (!here)
		return path;
	rest = rest_below(path, PATH_OLDROOT, strlen(PATH_OLDROOT));
	if (rest)
		return join("", 0, rest);
	found = in_mnt(here->mnt, path);
	if (found)
		return found;
	if (is_same_everywhere(path))
		return path;
	return join(here->path, strlen(here->path), strcmp(path, "/") == 0 ? "" : path);
}

const char *place_below_old_root(const char *path)
{
	/* The host's root itself is /oldRoot, not /oldRoot/. */
	return join(PATH_OLDROOT, strlen(PATH_OLDROOT), strcmp(path, "/") == 0 ? "" : path);
}
