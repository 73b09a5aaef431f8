/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the host has the files of a container: below the root file system, or
 * below the source of the mnt element that covers the place. Processes that
 * cannot enter the container look there.
 */
#ifndef LSL_LOCATION_H
#define LSL_LOCATION_H

#include <limits.h>
#include <stdbool.h>

#include "container.h"

struct location {
	/* a directory of the host; the container's path is not copied */
	const char *root;
	char path[PATH_MAX]; /* below it, as in inroot.h */
};

/*
 * Where PATH, absolute inside CONTAINER, is. A symbolic link of the root file
 * system that leads into what mnt brings is followed in the root file system
 * all the same. False where the path is too long to be anywhere.
 */
bool location_find(const struct container *container, const char *path, struct location *location);

/* Opens the root of LOCATION with O_PATH. An fd or a negative errno. */
int location_open_root(const struct location *location);

#endif
