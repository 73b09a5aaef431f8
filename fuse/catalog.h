/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The containers that are started now: those with a record and an nsfile in
 * MNTDIR, which may come into being after the server, go, and come again.
 */
#ifndef LSL_CATALOG_H
#define LSL_CATALOG_H

#include <stdbool.h>
#include <stdint.h>

#include "cmdset.h"

/*
 * A descriptor that is readable when catalog_refresh may have something to do,
 * or a negative errno.
 */
int catalog_open(void);

/*
 * For one thread: afterwards the catalog is as MNTDIR was when the call began,
 * or newer. A system call or two when nothing has changed. Whether something
 * did: containers have appeared, changed or gone.
 */
bool catalog_refresh(void);

/* For all threads. Each returns a reference, or NULL. */
struct cmdset *catalog_by_name(const char *name, size_t len);
struct cmdset *catalog_by_node(uint64_t node);

/* The cmdset with the smallest node id from NODE on. */
struct cmdset *catalog_from(uint64_t node);

#endif
