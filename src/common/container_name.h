/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of containers. */
#ifndef LSL_CONTAINER_NAME_H
#define LSL_CONTAINER_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* The longest name of a container, in bytes without the final NUL. */
#define CONTAINER_NAME_MAX 48

/*
 * Whether the LEN bytes at NAME are a container's name:
 * [A-Za-z0-9_][A-Za-z0-9_.-]*, at most CONTAINER_NAME_MAX of them. No path is
 * built from outside text (configuration, argv[0], a file system request)
 * without this check. It uses no locale.
 */
bool container_name_valid(const char *name, size_t len);

#endif
