/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands of a started container, as the server knows them: the
 * container's record, its root directory, and the time of the last change.
 *
 * Only its worker (worker.h) looks into the container, because the container's
 * file system may hang and block that thread for ever.
 */
#ifndef LSL_CMDSET_H
#define LSL_CMDSET_H

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
	struct cmdset *cmdset;
	dev_t dev;
	ino_t ino; /* 0: it did not exist */

	/* watch.c's */
	int wd; /* the watch for it, or -1 */
	/* the only name that matters in the watched directory, or NULL */
	const char *file;
	struct bin *next;
};

struct cmdset {
	/* These never change. */
	char name[CONTAINER_NAME_MAX + 1];
	struct cmdset *next; /* this and the next one are catalog.c's */
	/* its directory's, and its place in the root's listing */
	uint64_t node;
	struct nsfile_id ns;
	struct record_list bins;
	size_t bin_count;

	ino_t record; /* its record's inode and change time; catalog.c's */
	struct timespec recorded;
	atomic_int references;
	/* when its commands last may have changed */
	atomic_uint_least64_t changed;
	/* the worker's root may belong to another namespace */
	atomic_bool must_open;
	/* its bins have to be compared before any name is kept */
	atomic_bool must_look;
	atomic_bool is_watched; /* all changes of its bins are reported */

	int root; /* or -1; its worker's, while the worker exists */
	struct bin *bin; /* bin_count of them; its worker's */
	bool has_complained; /* a line about its watches was logged */
	bool is_cut; /* and one about the size of its listing */
	struct listing *listing; /* this and the next one are listing.c's */
	struct cmdset *next_stored;
	struct worker worker; /* worker.c's */
};

/*
 * Returns the command set of RECORD's container with the namespace NS, with one
 * reference; NULL without memory.
 */
struct cmdset *cmdset_new(const struct record *record, const struct nsfile_id *ns);

/*
 * Whether the command set is the one of RECORD: the same container, namespace
 * number and bins.
 */
bool cmdset_is(const struct cmdset *cmdset, const struct record *record,
	       const struct nsfile_id *ns);

/*
 * ST describes the file of its record. If that is another file than before, the
 * container may have been restarted, and its new namespace can have the same
 * number. Then its worker opens the namespace again, and this returns true.
 */
bool cmdset_renew(struct cmdset *cmdset, const struct stat *st);

/* For both INSTANCE may be NULL. */
/*
 * Whether this is the host. Its programs and manual pages are found by name,
 * but common directories do not list them, because the host has them without
 * lsl.
 */
bool cmdset_is_host(const struct cmdset *cmdset);

struct cmdset *cmdset_ref(struct cmdset *cmdset);
void cmdset_unref(struct cmdset *cmdset);

/* Its commands may have changed now. */
void cmdset_changed(struct cmdset *cmdset);

/*
 * Opens the namespace of NAME by its pin in RUNDIR. PROVED and the result are
 * as for nsfile_open. The host's namespace has no pin: it is the server's own.
 */
int cmdset_namespace(int rundir, const char *name, const struct nsfile_id *proved);

/*
 * Only the worker calls the functions below. Each returns a negative errno on
 * failure.
 */

/*
 * Opens its root directory, unless that is open. The calling thread must not
 * share its root directory with others.
 */
int cmdset_open(struct cmdset *cmdset);

/* Whether PROGRAM is a command. -ENOENT: it is not. */
int cmdset_find(struct cmdset *cmdset, const char *program);

/*
 * Returns a reference to a listing of its commands as they are now. If no
 * change was reported, the listing may be MAX_AGE nanoseconds old.
 */
int cmdset_list(struct cmdset *cmdset, uint64_t max_age, struct listing **listing);

#endif
