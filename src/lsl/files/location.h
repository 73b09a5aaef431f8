/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The places of a container's files on the host: below the root filesystem, or
 * below the source of the mnt element that is mounted there. Processes that
 * cannot enter the container look there.
 */
#ifndef LSL_LOCATION_H
#define LSL_LOCATION_H

#include <limits.h>
#include <stdbool.h>

#include "conf/container.h"

struct location {
	/* a directory of the host; the container's path is not copied */
	const char *root;
	char path[PATH_MAX]; /* below it, as in inroot.h */
};

/*
 * The place of PATH, absolute inside CONTAINER. A symbolic link of the root
 * filesystem that leads to an element of mnt is still followed in the root
 * filesystem. False: the path is too long.
 */
bool location_find(const struct container *container, const char *path, struct location *location);

/*
 * The same, and opens its root with O_PATH. An fd, or a negative errno.
 */
int location_open(const struct container *container, const char *path, struct location *location);

#endif
