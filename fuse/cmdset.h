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

#include "container_name.h"
#include "nsfile.h"
#include "record.h"
#include "worker.h"

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
	uint64_t id; /* no other command set of this server has it */
	struct nsfile_id ns;
	struct record_list bins;
	size_t bin_count;
	ino_t record; /* its record's inode and change time */
	struct timespec recorded;

	atomic_int references;
	/* when its commands last may have changed */
	atomic_uint_least64_t changed;
	/* its bins have to be watched before any name is kept */
	atomic_bool must_look;
	atomic_bool is_watched; /* all changes of its bins are reported */

	int root; /* or -1; its worker's, while the worker exists */
	bool has_complained; /* a line about its watches was logged */
	bool is_cut; /* and one about the size of its listing */
	struct worker worker; /* worker.c's */
	struct bin bin[]; /* bin_count of them; its worker's */
};

/*
 * Returns the command set of RECORD, whose file is ST, with the namespace NS,
 * and one reference; NULL without memory.
 */
struct cmdset *cmdset_new(const struct record *record, const struct stat *st,
			  const struct nsfile_id *ns);

/*
 * Whether it was made from the record whose file is ST. A container that was
 * restarted has another one, though its namespace can have the same number.
 */
bool cmdset_is(const struct cmdset *cmdset, const struct stat *st);

/*
 * Whether this is the host. Its programs and manual pages are found by name,
 * but common directories do not list them, because the host has them without
 * lsl.
 */
bool cmdset_is_host(const struct cmdset *cmdset);

/* For both CMDSET may be NULL. */
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

/* A worker_look: whether NAME is a command. -ENOENT: it is not. */
int cmdset_find(struct cmdset *cmdset, uint64_t node, const char *name, struct found *found);

/*
 * A worker_look: finds a listing of its commands as they are now, to be read in
 * the directory NODE. If no change was reported, it may be half as old as the
 * kernel may keep names of that directory, so that the kernel can keep them for
 * a while.
 */
int cmdset_list(struct cmdset *cmdset, uint64_t node, const char *name, struct found *found);

#endif
