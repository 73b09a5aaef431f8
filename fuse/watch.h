/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Watching the started containers' bins, inotify(7), and making the kernel
 * forget what is no longer true. watch.c begins with who does what.
 */
#ifndef LSL_WATCH_H
#define LSL_WATCH_H

#include <stdbool.h>

#include "started.h"

struct catalog;
struct dircache;
struct notify;
struct pool;
struct watch;

/* A negative errno: what inotify_init1(2) says, or -ENOMEM. */
int watch_new(struct watch **watch);

/* What a watch needs to know of the others. ROOT is the cache of the root directory. */
struct watch_ties {
	struct notify *notify;
	struct catalog *catalog;
	struct pool *pool;
	struct dircache *root;
};

/* Starts the threads that listen to inotify and tell the kernel. TIES is copied. A negative errno. */
int watch_start(struct watch *watch, const struct watch_ties *ties);

/*
 * Looks at the bins of STARTED, which the calling thread has entered (pool.h):
 * watches those that are not watched, and notes a change where one is not what it was.
 */
void watch_look(struct watch *watch, struct started *started);

/* Takes note of everything that has happened before in directories that are watched. */
void watch_drain(struct watch *watch);

/* A container has appeared, changed or gone, as told by the catalog; quick. */
void watch_catalog_changed(struct watch *watch, struct started *old, struct started *new);

/* Something else has to be told to the kernel, or can be now. */
void watch_wake(struct watch *watch);

#endif
