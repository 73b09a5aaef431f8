/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The started containers: those with a record and an nsfile in MNTDIR. MNTDIR
 * may be made after the server has started, removed, and made again.
 */
#ifndef LSL_CATALOG_H
#define LSL_CATALOG_H

#include <stdbool.h>
#include <stdint.h>

#include "cmdset.h"

/*
 * Returns a descriptor that is readable when catalog_refresh may find a change,
 * or a negative errno.
 */
int catalog_open(void);

/*
 * Only one thread may call this. Afterwards the catalog is as MNTDIR was when
 * the call began, or newer. What could not be read is read again when a second
 * has passed. Without a change this takes one or two system calls. Returns
 * whether containers have appeared, changed or disappeared.
 */
bool catalog_refresh(void);

/*
 * For the same thread: how long it may wait, in milliseconds, until it calls
 * catalog_refresh again, because the last call could not read all. -1: until
 * the descriptor is readable.
 */
int catalog_timeout(void);

/* For all threads. Each returns a reference, or NULL. */
struct cmdset *catalog_by_name(const char *name, size_t len);
struct cmdset *catalog_by_node(uint64_t node);

/* The cmdset with the smallest node id that is NODE or greater. */
struct cmdset *catalog_from(uint64_t node);

#endif
