/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * STATEDIR, the directory of the root filesystems that lsl create makes:
 *
 *	NAME		a root filesystem
 *	NAME:created	the record that lsl create made it; lsl remove asks it
 *	.NAME:created	the same, between two steps of create or remove
 *	.NAME.XXXXXX	what is being made or removed; locked meanwhile
 *	.lock		locked while names change here or new ones come into the
 *			cache, and while lsl remove stops the container
 *
 * A colon is in no container's name. What was left by a process that was killed
 * is known by its name, and the next create or remove takes it away.
 */
#ifndef LSL_STORE_H
#define LSL_STORE_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "container.h"
#include "failure.h"

struct store {
	int dir; /* STATEDIR; O_RDONLY */
	int lock;
};

/* What lsl create has made. */
struct store_record {
	/* the root filesystem was there before, and is never removed */
	bool is_adopted;
	dev_t dev; /* which directory it is */
	ino_t ino;
	char section[PATH_MAX]; /* the file of its section, absolute */
	char source[PATH_MAX]; /* --from, for people */
};

/* The name of a directory in which a container is made, or removed. */
struct store_work {
	char name[NAME_MAX + 1]; /* in STATEDIR */
	int fd; /* holds its lock */
};

/*
 * Opens STATEDIR and takes its lock; waits for that. With CREATE it is made
 * where it is missing. 0 or a negative errno and FAILURE.
 */
int store_lock(bool create, struct store *store, struct failure *failure);

void store_unlock(struct store *store);

/*
 * Makes a directory of root's with mode 0700 for the container NAME. To be
 * closed.
 */
int store_begin(const struct store *store, const char *name, struct store_work *work,
		struct failure *failure);

/* Ends the work; the directory goes where nothing is in it any more. */
void store_end(struct store_work *work);

/* Whether a process is making or removing a container NAME. */
bool store_is_busy(const struct store *store, const char *name);

/*
 * Takes away what processes have left that were killed, also beside the
 * configuration CONFIG. A container is complete when the file of its section is
 * there. Calls VISIT with the name of each directory that is to be removed, as
 * long as it returns 0. 0 or a negative errno.
 */
int store_sweep(const struct store *store, const char *config,
		int (*visit)(const char *work, void *arg), void *arg);

/*
 * Calls VISIT for each that store_sweep would find; nothing is changed.
 */
int store_visit_leftovers(int dir, int (*visit)(const char *name, void *arg), void *arg);

/*
 * Calls VISIT for each container that has a record, in the directory DIR, as
 * long as it returns 0.
 */
int store_visit_records(int dir, int (*visit)(const char *name, void *arg), void *arg);

/* Reads the record of NAME in STATEDIR, DIR. -ENOENT: there is none. */
int store_read_record(int dir, const char *name, struct store_record *record);

/* Writes it as that of a container that is not complete. */
int store_write_record(const struct store *store, const char *name,
		       const struct store_record *record);

/* The container is complete now, or no longer; that is on disk then. */
int store_complete(const struct store *store, const char *name);
int store_uncomplete(const struct store *store, const char *name);

/* Removes the record of one that is not complete. */
int store_forget(const struct store *store, const char *name);

/*
 * Gives the root filesystem that was made in WORK the name NAME; that is on
 * disk then. 0 or a negative errno.
 */
int store_put(const struct store *store, const char *name, const struct store_work *work);

/*
 * Moves the root filesystem NAME into a new directory, WORK, where no list
 * shows it.
 */
int store_put_away(const struct store *store, const char *name, struct store_work *work);

/*
 * Makes the directory PATH, 0755, and those that lead to it, as far as they are
 * missing. A negative errno.
 */
int store_make_directories(const char *path);

#endif
