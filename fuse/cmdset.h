/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands of a started container, as the server knows them: what the
 * container's record says, its root directory, and when they last changed.
 *
 * Only its worker (worker.h) looks into the container, because a thread that
 * does may block for ever: the container's file system may hang.
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
	ino_t ino; /* 0: nothing was there */
	bool is_known; /* dev and ino are true */

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
	/* the root that its worker has may be another namespace's */
	atomic_bool must_open;
	/* its bins have to be looked at before anything is kept */
	atomic_bool must_look;
	atomic_bool is_watched; /* all changes of its bins are told */

	int root; /* or -1; its worker's, for as long as that is there */
	struct bin *bin; /* bin_count of them; its worker's */
	bool has_complained; /* a line about its watches was logged */
	bool is_cut; /* and one about the size of its listing */
	struct listing *listing; /* this and the next one are listing.c's */
	struct cmdset *next_stored;
	struct worker worker; /* worker.c's */
};

/*
 * The container of RECORD with the namespace NS. One reference. NULL without
 * memory.
 */
struct cmdset *cmdset_new(const struct record *record, const struct nsfile_id *ns);

/*
 * Whether it is the container of RECORD, with that namespace's number and the
 * same bins.
 */
bool cmdset_is(const struct cmdset *cmdset, const struct record *record,
	       const struct nsfile_id *ns);

/*
 * Its record is a file with the state ST. If that is not the file of before,
 * the container may have been restarted: another namespace can get the same
 * number. Then its worker opens it again, and this is true.
 */
bool cmdset_renew(struct cmdset *cmdset, const struct stat *st);

/* For both INSTANCE may be NULL. */
/*
 * Whether it is the host's. Its programs and manual pages are there by name,
 * but not listed in common directories: the host has them without.
 */
bool cmdset_is_host(const struct cmdset *cmdset);

struct cmdset *cmdset_ref(struct cmdset *cmdset);
void cmdset_unref(struct cmdset *cmdset);

/* Its commands may have changed now. */
void cmdset_changed(struct cmdset *cmdset);

/*
 * Opens the namespace of NAME by its pin in RUNDIR. PROVED is as for
 * nsfile_open, and so is what is returned. The host's is not pinned: it is the
 * server's own.
 */
int cmdset_namespace(int rundir, const char *name, const struct nsfile_id *proved);

/* The rest is for its worker. Each returns a negative errno on failure. */

/*
 * Opens its root, if that has to be. The calling thread must not share its root
 * directory with others.
 */
int cmdset_open(struct cmdset *cmdset);

/* Whether PROGRAM is a command. -ENOENT: it is not. */
int cmdset_find(struct cmdset *cmdset, const char *program);

/*
 * Its commands as they are now; as far as nothing tells of a change, as they
 * were MAX_AGE nanoseconds ago. A reference.
 */
int cmdset_list(struct cmdset *cmdset, uint64_t max_age, struct listing **listing);

#endif
