/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a path of a container is called on the host. Paths are text here: no
 * file is looked at, and a path that is found so may be another file or none.
 */
#ifndef LSL_PLACE_H
#define LSL_PLACE_H

#include "record.h"

/*
 * PATH, absolute in the container HERE, or on the host where that is NULL, as
 * the host calls it: what is below /oldRoot, what mnt names, /dev, /proc, /sys
 * and /run, and what is in the root filesystem. Never freed (arena.h); may be
 * PATH itself.
 */
const char *place_on_host(const struct record *here, const char *path);

/* PATH of the host, as every container calls it: below /oldRoot. */
const char *place_below_old_root(const char *path);

#endif
