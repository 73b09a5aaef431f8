/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A position in a directory, the kernel's off, is a node id and a position in
 * that command set's listing (listing.h):
 *
 *	all		1 ".", 2 ".."
 *	fixed names	3 and so on
 *	a container	node:position its commands
 *	the root and	for each command set, by node: node:0 its directory
 *	the sections	(only in the root), then node:position its names
 */
#define FUSE_USE_VERSION 35

#include "config.h"

#include "lslfs.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "listing.h"
#include "manpages.h"
#include "monotonic.h"
#include "policy.h"
#include "worker.h"

#define POSITION_DOT 1
#define POSITION_DOTDOT 2
#define POSITION_END LISTING_POSITION_MAX /* after any listing's last name */

/*
 * The result of reading a container, unless it is a negative errno; ASKED means
 * that its worker has the request now.
 */
enum {
	READ,
	ASKED
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

static bool is_section(uint64_t node)
{
	return node >= LSLFS_SECTIONS && node < LSLFS_CONTAINERS;
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

static bool begin_reading(struct reading *reading, struct request *request)
{
	struct fuse_entry_param entry;

	*reading = (struct reading){
		.request = request,
		.fs = fuse_req_userdata(request->req),
		.buffer = malloc(request->size),
	};
	if (!reading->buffer) {
		reply(reading, -ENOMEM);
		return false;
	}
	entry = lslfs_entry(reading->fs, request->node, 0);
	/* The kernel knows these two. */
	entry.ino = 0;
	if (request->off < POSITION_DOT)
		add_entry(reading, ".", &entry, POSITION_DOT);
	if (request->off == POSITION_DOT)
		add_entry(reading, "..", &entry, POSITION_DOTDOT);
	return true;
}

/* For how many seconds the commands of LISTING may be kept from now on. */
static double time_left(const struct request *request, const struct listing *listing)
{
	uint64_t age = monotonic_ns() - listing->begun, lifetime = LIFETIME(request->node);

	return age < lifetime ? (double)(lifetime - age) / NS_PER_SECOND : 0;
}

/*
 * Adds the names of CMDSET in LISTING after POSITION. The kernel gets an entry
 * to keep for each command, unless it already has them from this listing,
 * because adding names alone is much cheaper. It gets no entries of names that
 * may have been removed meanwhile.
 */
static void add_names(struct reading *reading, const struct cmdset *cmdset, struct listing *listing,
		      uint64_t position)
{
	uint64_t node = reading->request->node;
	struct fuse_entry_param entry =
		lslfs_entry(reading->fs, LSLFS_LINK, time_left(reading->request, listing));
	atomic_uint *told_in = &listing->told_in[node == FUSE_ROOT_ID];
	unsigned int epoch = atomic_load(&reading->fs->epoch);
	bool tells = listing->node == LSLFS_LINK && atomic_load(told_in) != epoch &&
		     listing->begun > atomic_load(&cmdset->changed);
	char name[LSLFS_NAME_MAX + 1] = "", *bare = name;
	size_t i;

	if (!tells)
		entry.ino = 0;
	if (node < LSLFS_CONTAINERS)
		bare = stpcpy(stpcpy(name, cmdset->name), ":");
	for (i = listing_seek(listing, position); i < listing->count; i++) {
		strcpy(bare, listing_name(listing, i));
		if (is_section(node))
			entry.attr = manpages_attr(cmdset->node, node, bare);
		if (!add_entry(reading, name, &entry,
			       position_of(cmdset->node, listing_position(listing, i))))
			break;
	}
	if (tells && i == listing->count)
		atomic_store(told_in, epoch);
}

/*
 * Returns the listing with which a reader continues after POSITION, or NULL. A
 * reader that begins with a container gets NULL, because only the worker sees
 * whether a listing is still correct.
 */
static struct listing *take_listing(struct request *request, const struct cmdset *cmdset,
				    uint64_t position)
{
	struct listing *listing = NULL;

	if (request->found.listing && request->cmdset == cmdset) {
		listing = request->found.listing;
		request->found.listing = NULL;
	} else if (position > 0) {
		listing = listing_get(cmdset->id,
				      is_section(request->node) ? request->node : LSLFS_LINK);
	}
	if (listing && atomic_load(&listing->true_at) >= request->opened)
		return listing;
	listing_unref(listing);
	return NULL;
}

/*
 * Adds the names of CMDSET after POSITION. STATUS is its worker's result, if it
 * was asked. Returns READ, ASKED (then AGAIN is called), or a negative errno.
 */
static int read_names(struct reading *reading, struct cmdset *cmdset, uint64_t position, int status,
		      worker_answer *again)
{
	struct request *request = reading->request;
	struct listing *listing;

	if (request->cmdset == cmdset && status < 0)
		return status;
	listing = take_listing(request, cmdset, position);
	if (listing) {
		add_names(reading, cmdset, listing, position);
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
	status = worker_ask(request, cmdset_ref(cmdset),
			    is_section(request->node) ? manpages_list : cmdset_list, again);
	return status < 0 ? status : ASKED;
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
 * Adds CMDSET after position OFF of the directory. Otherwise as read_names.
 */
static int read_cmdset(struct reading *reading, struct cmdset *cmdset, uint64_t off, int status)
{
	const struct lslfs *fs = reading->fs;
	struct fuse_entry_param entry = lslfs_entry(fs, cmdset->node, NAME_TIMEOUT(fs->has_epoch));
	uint64_t first = position_of(cmdset->node, 0);

	if (reading->request->node == FUSE_ROOT_ID && off < first &&
	    !add_entry(reading, cmdset->name, &entry, first))
		return READ;
	return read_names(reading, cmdset, off < first ? 0 : off - first, status, reading_all);
}

void reading_all(struct request *request, int status)
{
	uint64_t off = request->off, node = off >> LISTING_POSITION_BITS;
	struct cmdset *cmdset;
	struct reading reading;
	int done = READ;

	if (!begin_reading(&reading, request))
		return;
	if (off == position_of(node, POSITION_END))
		node++;
	while (done == READ && !reading.is_full && (cmdset = catalog_from(node))) {
		if (!cmdset_is_host(cmdset))
			done = read_cmdset(&reading, cmdset, off, status);
		if (is_excused(done))
			done = READ;
		/* A worker that calls this again continues after it. */
		if (done == READ && !reading.is_full)
			request->off = position_of(cmdset->node, POSITION_END);
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

	if (begin_reading(&reading, request))
		reply(&reading,
		      cmdset ? read_names(&reading, cmdset, position, status, reading_container)
			     : -ESTALE);
	cmdset_unref(cmdset);
}

void reading_fixed(struct request *request, int status)
{
	struct fuse_entry_param entry;
	struct reading reading;
	const char *name;
	uint64_t child;
	size_t i;

	if (!begin_reading(&reading, request))
		return;
	i = (size_t)(request->off - POSITION_DOTDOT);
	while (!reading.is_full && (name = manpages_child(request->node, i, &child))) {
		entry = lslfs_entry(reading.fs, child, FOR_LONG);
		add_entry(&reading, name, &entry, POSITION_DOTDOT + ++i);
	}
	reply(&reading, status);
}
