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
 * No container's name has a colon. Files of a killed process can be told by
 * their names, and the next create or remove removes them.
 */
#ifndef LSL_STORE_H
#define LSL_STORE_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "container_name.h"
#include "failure.h"

struct store {
	int dir; /* STATEDIR; O_RDONLY */
	int lock;
};

/* A container that lsl create has made. */
struct store_record {
	/* the root filesystem was there before, and is never removed */
	bool is_adopted;
	dev_t dev; /* its directory's */
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
 * Opens STATEDIR. With CREATE makes it if it is missing. Returns an fd, or a
 * negative errno and FAILURE.
 */
int store_open(bool create, struct failure *failure);

/*
 * The same, and takes its lock; waits for it. Returns 0, or a negative errno
 * and FAILURE.
 */
int store_lock(bool create, struct store *store, struct failure *failure);

void store_unlock(struct store *store);

/*
 * Makes a directory of root's with mode 0700 for the container NAME. Close it
 * with the next function.
 */
int store_begin(const struct store *store, const char *name, struct store_work *work,
		struct failure *failure);

/* Ends the work, and removes the directory if it is empty. */
void store_end(struct store_work *work);

/*
 * For entries of STATEDIR: ENTRY is one's name, NAME the container's. Other
 * values than 0 end the visit, which returns them, or a negative errno.
 */
typedef int store_visit(const char *entry, const char *name, void *arg);

/*
 * Removes incomplete work of killed processes, also beside the configuration
 * CONFIG. A container is complete if the file of its section exists. Calls
 * VISIT for each directory that has to be removed.
 */
int store_sweep(struct store *store, const char *config, store_visit *visit, void *arg);

/* Whether, after that, a process is making or removing a container NAME. */
bool store_is_busy(const char *name);

/* Calls VISIT for each that store_sweep would find, and changes nothing. */
int store_visit_leftovers(int dir, store_visit *visit, void *arg);

/* Calls VISIT for each record. */
int store_visit_records(store_visit *visit, void *arg);

/* Reads the record of NAME in STATEDIR, DIR. -ENOENT: there is none. */
int store_read_record(int dir, const char *name, struct store_record *record);

/* Writes the record of an incomplete container. */
int store_write_record(const struct store *store, const char *name,
		       const struct store_record *record);

/*
 * Marks the container as complete or as incomplete, and waits until that is on
 * disk.
 */
int store_complete(const struct store *store, const char *name, bool is_complete);

/* Removes the record of an incomplete container. */
int store_forget(const struct store *store, const char *name);

/*
 * Gives the root filesystem in WORK the name NAME, and waits until that is on
 * disk. Returns 0 or a negative errno.
 */
int store_put(const struct store *store, const char *name, const struct store_work *work);

/*
 * Whether a process holds the lock of the root filesystem NAME for ten seconds.
 * Then store_put_away would wait as long as that process likes, with the locks
 * of STATEDIR and, in the kernel, of all such moves in its file system.
 */
bool store_is_held(const struct store *store, const char *name);

/*
 * Moves the root filesystem NAME into a new directory, WORK, which no list
 * shows.
 */
int store_put_away(const struct store *store, const char *name, struct store_work *work);

/*
 * Opens the directory PATH by O_PATH, if it is a safe path (safepath.h). With
 * CREATE makes it before, if it is missing. Returns an fd, or a negative errno
 * and FAILURE.
 */
int store_open_directory(const char *path, bool create, struct failure *failure);

#endif
