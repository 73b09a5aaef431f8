/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A started container as the server knows it: what its record says, its root
 * directory, and when its commands last changed.
 *
 * Only its worker (worker.h) looks into it, because whoever does may not come
 * back: its file system may hang.
 */
#ifndef LSL_INSTANCE_H
#define LSL_INSTANCE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

#include "container.h"
#include "nsfile.h"
#include "record.h"
#include "worker.h"

struct listing;

/* One element of bins, as it was when it was last looked at. */
struct bin {
	const char *path;
	struct instance *instance;
	dev_t dev;
	ino_t ino; /* 0: nothing was there */
	bool is_known; /* dev and ino are true */

	/* watch.c's */
	int wd; /* the watch for it, or -1 */
	const char *file; /* the only name that matters in the watched directory, or NULL */
	struct bin *next;
};

struct instance {
	/* These never change. */
	char name[CONTAINER_NAME_MAX + 1];
	struct instance *next; /* this and the next one are catalog.c's */
	uint64_t node; /* its directory's, and its place in the root's listing */
	struct nsfile_id ns;
	struct record_list bins;
	size_t bin_count;

	ino_t record; /* its record's inode and change time; catalog.c's */
	struct timespec recorded;
	atomic_int references;
	atomic_uint_least64_t changed; /* when its commands last may have changed */
	atomic_bool must_open; /* the root that its worker has may be another namespace's */
	atomic_bool must_look; /* its bins have to be looked at before anything is kept */
	atomic_bool is_watched; /* all changes of its bins are told */

	int root; /* or -1; its worker's, for as long as that is there */
	struct bin *bin; /* bin_count of them; its worker's */
	bool has_complained; /* a line about its watches was logged */
	bool is_cut; /* and one about the size of its listing */
	struct listing *listing; /* this and the next one are listing.c's */
	struct instance *next_stored;
	struct worker worker; /* worker.c's */
};

/*
 * The container of RECORD with the namespace NS. One reference. NULL without
 * memory.
 */
struct instance *instance_new(const struct record *record, const struct nsfile_id *ns);

/*
 * Whether it is the container of RECORD, with that namespace's number and the
 * same bins.
 */
bool instance_is(const struct instance *instance, const struct record *record,
		 const struct nsfile_id *ns);

/*
 * Its record is a file with the state ST. If that is not the file of before,
 * the container may have been restarted: another namespace can get the same
 * number. Then its worker opens it again, and this is true.
 */
bool instance_renew(struct instance *instance, const struct stat *st);

/* For both INSTANCE may be NULL. */
struct instance *instance_ref(struct instance *instance);
void instance_unref(struct instance *instance);

/* Its commands may have changed now. */
void instance_changed(struct instance *instance);

/* The rest is for its worker. Each returns a negative errno on failure. */

/*
 * Opens its root, if that has to be. The calling thread must not share its root
 * directory with others.
 */
int instance_open(struct instance *instance);

/* Whether PROGRAM is a command. -ENOENT: it is not. */
int instance_find(struct instance *instance, const char *program);

/*
 * Its commands as they are now; as far as nothing tells of a change, as they
 * were MAX_AGE nanoseconds ago. A reference.
 */
int instance_list(struct instance *instance, uint64_t max_age, struct listing **listing);

#endif
