/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A started container as the daemon holds it: what its record says, and a
 * descriptor of its root directory that every thread can look below.
 *
 * Two things are counted. References keep the structure. Uses keep the root
 * open: a stopped container's namespace and file systems must not be held longer
 * than somebody is looking at them.
 */
#ifndef LSL_STARTED_H
#define LSL_STARTED_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "container.h"
#include "record.h"

struct dircache;

/* One element of bins, as it was when it was last looked at. */
struct bin {
	const char *path;
	dev_t dev;
	ino_t ino; /* 0: nothing was there */
	bool is_known; /* dev, ino and is_watched are true */
	bool is_watched; /* what changes in it will be told */
};

struct started {
	/* Never change. */
	char name[CONTAINER_NAME_MAX + 1];
	uint64_t node; /* the node id of its directory: the same for the same namespace */
	unsigned int tag; /* its place in listings: from 1 on, different from all others' */
	dev_t ns_dev; /* its namespace */
	ino_t ns_ino;
	struct record_list bins;
	size_t bin_count;
	struct dircache *dircache; /* what the kernel keeps of its directory's listing */

	int root; /* while in use */
	atomic_uint_least64_t generation; /* the tick of its last change */
	atomic_bool must_look; /* before the next use its bins have to be looked at: watch_look */
	atomic_bool is_watched; /* all changes in its bins are told */
	atomic_int hung; /* threads that do not come back from it */

	pthread_mutex_t bin_lock; /* taken first, and held while looking */
	struct bin *bin; /* bin_count of them */
	bool has_complained; /* a log line about its watches was written */

	bool is_stopped; /* no longer in the catalog; watch.c's */
	atomic_int references, uses;
};

/*
 * Opens the container NAME, whose record and nsfile are in the directory
 * MNTDIR. When it is OLD (may be NULL), unchanged, *STARTED is OLD itself.
 * Otherwise a new one with one reference and one use, and where the namespace is
 * still OLD's, with its node id, tag and dircache.
 *
 * -ENOENT: not started. Any other negative errno: not to be had, as far as this process can see.
 */
int started_open(int mntdir, const char *name, struct started *old, struct started **started);

struct started *started_ref(struct started *started);
void started_unref(struct started *started);

/* False when it was stopped and nobody uses it any more. */
bool started_use(struct started *started);
void started_unuse(struct started *started);

/* Notes a change of its commands: it is now of a new generation. */
void started_changed(struct started *started);

#endif
