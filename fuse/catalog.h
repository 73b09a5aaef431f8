/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The containers that are started now: those with a record and an nsfile in
 * MNTDIR. MNTDIR is watched; it may come into being after us, and go, and come again.
 */
#ifndef LSL_CATALOG_H
#define LSL_CATALOG_H

#include <stdint.h>

#include "started.h"

struct catalog;

/* The largest tag of a container (started.h). */
#define CATALOG_TAG_MAX 0xffff

/*
 * An empty catalog, to be filled by catalog_refresh. CHANGED is called for each
 * container that appears (OLD is NULL), changes, or goes (NEW is NULL), with the
 * catalog's lock held; it must not wait. -ENOMEM, or what inotify_init1(2) says.
 */
int catalog_new(struct catalog **catalog,
		void (*changed)(struct started *old, struct started *new, void *arg), void *arg);

/*
 * Brings the catalog up to date: afterwards it is as MNTDIR was when the call
 * began, or newer. One system call when nothing has changed.
 */
void catalog_refresh(struct catalog *catalog);

/* Readable when catalog_refresh has something to do. */
int catalog_fd(const struct catalog *catalog);

/* Each returns a reference, or NULL. */
struct started *catalog_by_name(struct catalog *catalog, const char *name);
struct started *catalog_by_node(struct catalog *catalog, uint64_t node);

/* The container with the smallest tag from TAG on, a reference; NULL after the last. */
struct started *catalog_from_tag(struct catalog *catalog, unsigned int tag);

#endif
