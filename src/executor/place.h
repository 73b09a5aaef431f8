/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Translates paths between a container and the host. Paths are only text here:
 * no file is looked at, and the resulting path may lead to another file or
 * none.
 */
#ifndef LSL_PLACE_H
#define LSL_PLACE_H

#include "record.h"

/*
 * Returns the host's path for PATH, absolute in the container HERE, or on the
 * host if HERE is NULL. PATH may be below /oldRoot, an element of mnt, /dev,
 * /proc, /sys or /run, or in the root filesystem. Never freed (arena.h); may be
 * PATH itself.
 */
const char *place_on_host(const struct record *here, const char *path);

/* The path in every container of the host's PATH: below /oldRoot. */
const char *place_below_old_root(const char *path);

#endif
