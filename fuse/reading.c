/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A position in a directory, the kernel's off, is a node id and a position in
 * that command set's listing (listing.h):
 *
 *	the root	1 ".", 2 ".."; then for each command set, by node:
 *			node:0 its directory, node:position its commands
 *	a container	1 ".", 2 ".."; then node:position
 */
#define FUSE_USE_VERSION 35

#include "config.h"

#include "lslfs.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "monotonic.h"
#include "listing.h"
#include "policy.h"
#include "worker.h"

#define POSITION_DOT 1
#define POSITION_DOTDOT 2

/* The result of reading a container, unless it is a negative errno. */
enum {
	READ,
	ASKED, /* its worker has the request now */
};

struct reading {
	struct request *request;
	const struct lslfs *fs;
	char *buffer;
	size_t used;
	bool is_full;
};

static uint64_t position_of(uint64_t node, uint64_t position)
{
	return node << LISTING_POSITION_BITS | position;
}

/* False when there is no more room. */
static bool add_entry(struct reading *reading, const char *name,
		      const struct fuse_entry_param *entry, uint64_t off)
{
	size_t room = reading->request->size - reading->used;
	size_t len = fuse_add_direntry_plus(reading->request->req, reading->buffer + reading->used,
					    room, name, entry, (off_t)off);

	if (len > room) {
		reading->is_full = true;
		return false;
	}
	reading->used += len;
	reading->request->off = off;
	return true;
}

static void add_dots(struct reading *reading)
{
	struct fuse_entry_param entry = lslfs_entry(reading->fs, reading->request->node, 0);

	/* The kernel knows these two. */
	entry.ino = 0;
	if (reading->request->off < POSITION_DOT)
		add_entry(reading, ".", &entry, POSITION_DOT);
	if (reading->request->off == POSITION_DOT)
		add_entry(reading, "..", &entry, POSITION_DOTDOT);
}

/*
 * How long, in nanoseconds, the kernel may keep a name after it was looked up.
 */
static uint64_t lifetime(const struct request *request)
{
	return (request->node == FUSE_ROOT_ID ? ROOT_TIMEOUT : BARE_TIMEOUT) * NS_PER_SECOND;
}

/* For how many seconds the names of LISTING may be kept from now on. */
static double time_left(const struct request *request, const struct listing *listing)
{
	uint64_t age = monotonic_ns() - listing->begun;

	return age < lifetime(request) ? (double)(lifetime(request) - age) / NS_PER_SECOND : 0;
}

/*
 * Adds the commands of CMDSET in LISTING after POSITION. The kernel gets an
 * entry to keep for each name, unless it already has them from this listing,
 * because adding names alone is much cheaper. It gets no entries of names that
 * may have been removed meanwhile.
 */
static void add_commands(struct reading *reading, const struct cmdset *cmdset,
			 struct listing *listing, uint64_t position)
{
	struct fuse_entry_param entry =
		lslfs_entry(reading->fs, LSLFS_LINK, time_left(reading->request, listing));
	bool is_root = reading->request->node == FUSE_ROOT_ID;
	atomic_uint *told_in = &listing->told_in[is_root];
	unsigned int epoch = atomic_load(&reading->fs->epoch);
	size_t i, prefix = is_root ? strlen(cmdset->name) + 1 : 0;
	char name[LSLFS_NAME_MAX + 1];
	bool tells = atomic_load(told_in) != epoch &&
		     listing->begun > atomic_load(&cmdset->changed);

	if (!tells)
		entry.ino = 0;
	if (is_root)
		sprintf(name, "%s:", cmdset->name);
	for (i = listing_seek(listing, position); i < listing->count; i++) {
		strcpy(name + prefix, listing_name(listing, i));
		if (!add_entry(reading, name, &entry,
			       position_of(cmdset->node, listing_position(listing, i))))
			break;
	}
	if (tells && i == listing->count)
		atomic_store(told_in, epoch);
}

/* Ends a reading; if STATUS is ASKED, a worker has the request. */
static void reply(struct reading *reading, int status)
{
	struct request *request = reading->request;

	if (status == READ && reading->is_full && !reading->used)
		status = -EINVAL;
	if (status < 0)
		fuse_reply_err(request->req, -status);
	else if (status == READ)
		fuse_reply_buf(request->req, reading->buffer, reading->used);
	free(reading->buffer);
	if (status != ASKED)
		request_free(request);
}

static bool begin(struct reading *reading, struct request *request)
{
	*reading = (struct reading){
		.request = request,
		.fs = fuse_req_userdata(request->req),
		.buffer = malloc(request->size),
	};
	if (reading->buffer) {
		add_dots(reading);
		return true;
	}
	reply(reading, -ENOMEM);
	return false;
}

/*
 * Returns the stored listing with which a reader continues after POSITION, or
 * NULL. A reader that begins with a container gets NULL, because only the
 * worker sees whether a listing is still correct.
 */
static struct listing *take_listing(struct request *request, struct cmdset *cmdset,
				    uint64_t position)
{
	struct listing *listing = NULL;

	if (request->found.listing && request->cmdset == cmdset) {
		listing = request->found.listing;
		request->found.listing = NULL;
	} else if (position > 0) {
		listing = listing_get(cmdset);
	}
	if (listing && atomic_load(&listing->true_at) >= request->opened)
		return listing;
	listing_unref(listing);
	return NULL;
}

/*
 * Makes the worker of CMDSET look, and call AGAIN afterwards. Returns ASKED, or
 * a negative errno.
 */
static int ask(struct request *request, struct cmdset *cmdset,
	       void (*again)(struct request *request, int status))
{
	int status;

	listing_unref(request->found.listing);
	request->found.listing = NULL;
	cmdset_ref(cmdset);
	cmdset_unref(request->cmdset);
	request->cmdset = cmdset;
	/*
	 * A younger listing, so that the kernel can keep the names for a while.
	 */
	request->max_age = lifetime(request) / 2;
	request->answer = again;
	status = worker_ask(request);
	return status < 0 ? status : ASKED;
}

/*
 * Adds the commands of CMDSET after POSITION. Returns READ, ASKED (then AGAIN
 * is called), or a negative errno.
 */
static int read_commands(struct reading *reading, struct cmdset *cmdset, uint64_t position,
			 void (*again)(struct request *request, int status))
{
	struct request *request = reading->request;
	struct listing *listing = take_listing(request, cmdset, position);

	if (listing) {
		add_commands(reading, cmdset, listing, position);
		listing_unref(listing);
		return READ;
	}
	/*
	 * Answers with the entries so far; the reader comes back for the rest.
	 */
	if (reading->used) {
		reading->is_full = true;
		return READ;
	}
	return ask(request, cmdset, again);
}

/*
 * If one container fails, the others are still listed. But if the daemon lacks
 * a resource, the reader gets the error.
 */
static bool is_excused(int status)
{
	return status < 0 && status != -ENOMEM && status != -EAGAIN;
}

/*
 * Adds CMDSET after position OFF of the root. STATUS is its worker's result.
 * Returns the same as read_commands.
 */
static int read_cmdset(struct reading *reading, struct cmdset *cmdset, uint64_t off, int status)
{
	const struct lslfs *fs = reading->fs;
	struct fuse_entry_param entry = lslfs_entry(fs, cmdset->node, NAME_TIMEOUT(fs->has_epoch));
	uint64_t first = position_of(cmdset->node, 0);

	if (off < first) {
		if (!add_entry(reading, cmdset->name, &entry, first))
			return READ;
		off = first;
	}
	if (reading->request->cmdset == cmdset && status < 0)
		return status;
	return read_commands(reading, cmdset, off - first, reading_root);
}

void reading_root(struct request *request, int status)
{
	uint64_t off = request->off, node = off >> LISTING_POSITION_BITS;
	struct cmdset *cmdset;
	struct reading reading;
	int done = READ;

	if (!begin(&reading, request))
		return;
	while (done == READ && !reading.is_full && (cmdset = catalog_from(node))) {
		if (!cmdset_is_host(cmdset))
			done = read_cmdset(&reading, cmdset, off, status);
		if (is_excused(done))
			done = READ;
		node = cmdset->node + 1;
		cmdset_unref(cmdset);
	}
	reply(&reading, done);
}

void reading_container(struct request *request, int status)
{
	struct cmdset *cmdset = catalog_by_node(request->node);
	uint64_t position = request->off > POSITION_DOTDOT ? request->off & LISTING_POSITION_MAX
							   : 0;
	struct reading reading;

	if (!cmdset)
		status = -ESTALE;
	if (begin(&reading, request)) {
		if (status == 0)
			status = read_commands(&reading, cmdset, position, reading_container);
		reply(&reading, status);
	}
	cmdset_unref(cmdset);
}
