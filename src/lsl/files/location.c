/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "files/location.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "files/pathtext.h"
#include "pathnames.h"

/*
 * The bind of CONTAINER that PATH lies in, or NULL. Later ones cover earlier
 * ones.
 */
static const struct bind *bind_of(const struct container *container, const char *path)
{
	const struct bind *best = NULL;
	size_t i;

	for (i = 0; i < container->bind_count; i++)
		if (path_is_at_or_below(path, container->binds[i].target))
			best = &container->binds[i];
	return best;
}

bool location_find(const struct container *container, const char *path, struct location *location)
{
	static const char oldroot[] = PATH_OLDROOT "/";
	const struct bind *bind = bind_of(container, path);
	int len;

	location->root = "/";
	if (bind) {
		len = snprintf(location->path, sizeof(location->path), "%s%s", bind->source,
			       path + strlen(bind->target));
	} else if (strncmp(path, oldroot, strlen(oldroot)) == 0) {
		len = snprintf(location->path, sizeof(location->path), "/%s",
			       path + strlen(oldroot));
	} else {
		location->root = container->path;
		len = snprintf(location->path, sizeof(location->path), "%s", path);
	}
	return len >= 0 && (size_t)len < sizeof(location->path);
}

int location_open(const struct container *container, const char *path, struct location *location)
{
	int root;

	if (!location_find(container, path, location))
		return -ENAMETOOLONG;
	root = open(location->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return root < 0 ? -errno : root;
}
