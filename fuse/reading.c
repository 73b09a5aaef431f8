/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A position in a directory, the kernel's off, is an instance's tag and a
 * position in its listing (listing.h):
 *
 *	the root	1 ".", 2 ".."; then for each instance, by tag: tag:0 its
 *			directory, tag:position its commands
 *	a container	1 ".", 2 ".."; then 1:position
 */
#define FUSE_USE_VERSION 35

#include "config.h"

#include "lslfs.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "monotonic.h"
#include "listing.h"
#include "policy.h"
#include "worker.h"

#define POSITION_DOT 1
#define POSITION_DOTDOT 2

/* What came of reading a container, unless it is a negative errno. */
enum {
	READ,
	ASKED, /* the request is its worker's now */
	REPLACED, /* the catalog has another instance of it by now, or none */
};

struct reading {
	struct request *request;
	const struct lslfs *fs;
	enum listing_use use;
	char *buffer;
	size_t used;
	bool is_full;
};

static uint64_t position_of(unsigned int tag, uint64_t position)
{
	return (uint64_t)tag << LISTING_POSITION_BITS | position;
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

static bool add_dots(struct reading *reading)
{
	struct fuse_entry_param entry = lslfs_directory(reading->fs, reading->request->node);

	/* The kernel knows these two. */
	entry.ino = 0;
	if (reading->request->off < POSITION_DOT && !add_entry(reading, ".", &entry, POSITION_DOT))
		return false;
	return reading->request->off >= POSITION_DOTDOT ||
	       add_entry(reading, "..", &entry, POSITION_DOTDOT);
}

/*
 * How long, in nanoseconds, the kernel may know a name after it was looked at.
 */
static uint64_t lifetime(const struct reading *reading)
{
	return (reading->use == LISTING_BARE ? BARE_TIMEOUT : ROOT_TIMEOUT) * NS_PER_SECOND;
}

/* For how many seconds the names of LISTING may be kept from now on. */
static double time_left(const struct reading *reading, const struct listing *listing)
{
	uint64_t age = monotonic_ns() - listing->begun;

	return age < lifetime(reading) ? (double)(lifetime(reading) - age) / NS_PER_SECOND : 0;
}

/*
 * Whether the kernel is told of the names from item I on. A name that it was
 * told of by this listing, and that it was not made to forget since, is listed
 * without that, which is much cheaper for it. Nor is it told of names that may
 * be gone by now.
 */
static bool must_tell(const struct reading *reading, const struct instance *instance,
		      struct listing *listing, size_t i)
{
	unsigned int epoch = atomic_load(&reading->fs->epoch);

	if (atomic_exchange(&listing->told_in[reading->use], epoch) != epoch)
		atomic_store(&listing->told[reading->use], 0);
	return i >= atomic_load(&listing->told[reading->use]) &&
	       listing->begun > atomic_load(&instance->changed);
}

/* The commands of INSTANCE, as LISTING has them, behind POSITION. */
static void add_commands(struct reading *reading, const struct instance *instance,
			 struct listing *listing, unsigned int tag, uint64_t position)
{
	struct fuse_entry_param known = lslfs_link(reading->fs, 0);
	struct fuse_entry_param told = lslfs_link(reading->fs, time_left(reading, listing));
	char name[LSLFS_NAME_MAX + 1];
	size_t i, first = listing_seek(listing, position), prefix = 0;
	bool tells;

	known.ino = 0;
	if (reading->use == LISTING_IN_ROOT) {
		prefix = strlen(instance->name);
		memcpy(name, instance->name, prefix);
		name[prefix++] = ':';
	}
	tells = must_tell(reading, instance, listing, first);
	for (i = first; i < listing->count; i++) {
		strcpy(name + prefix, listing_name(listing, i));
		if (!add_entry(reading, name, tells ? &told : &known,
			       position_of(tag, listing_position(listing, i))))
			break;
	}
	if (tells && first == atomic_load(&listing->told[reading->use]))
		atomic_store(&listing->told[reading->use], i);
}

/* What the worker does. */
static int look(struct request *request)
{
	uint64_t kept =
		(request->node == FUSE_ROOT_ID ? ROOT_TIMEOUT : BARE_TIMEOUT) * NS_PER_SECOND;

	/* So that the names can be kept for a while. */
	return instance_list(request->instance, kept / 2, &request->listing);
}

/* What is left of REQUEST's to be answered. */
static void reply(struct reading *reading, int status)
{
	struct request *request = reading->request;

	if (status == 0 && reading->is_full && !reading->used)
		status = -EINVAL;
	if (status < 0)
		fuse_reply_err(request->req, -status);
	else
		fuse_reply_buf(request->req, reading->buffer, reading->used);
	free(reading->buffer);
	request_free(request);
}

static bool begin(struct reading *reading, struct request *request, enum listing_use use)
{
	*reading = (struct reading){
		.request = request,
		.fs = fuse_req_userdata(request->req),
		.use = use,
		.buffer = malloc(request->size),
	};
	if (reading->buffer)
		return true;
	reply(reading, -ENOMEM);
	return false;
}

/*
 * The listing that a reader goes on with behind POSITION, if it is at hand. One
 * that begins with a container always has its worker look: only that sees
 * whether it is true now.
 */
static struct listing *take_listing(struct request *request, struct instance *instance,
				    uint64_t position)
{
	struct listing *listing = NULL;

	if (request->listing && request->instance == instance) {
		listing = request->listing;
		request->listing = NULL;
	} else if (position > 0) {
		listing = listing_get(instance);
	}
	if (listing && atomic_load(&listing->true_at) >= request->opened)
		return listing;
	listing_unref(listing);
	return NULL;
}

/*
 * Has the worker of INSTANCE look, and AGAIN called afterwards. ASKED,
 * REPLACED, or a negative errno.
 */
static int ask(struct request *request, struct instance *instance,
	       void (*again)(struct request *request, int status))
{
	int status;

	listing_unref(request->listing);
	request->listing = NULL;
	instance_ref(instance);
	if (request->instance)
		instance_unref(request->instance);
	request->instance = instance;
	request->look = look;
	request->answer = again;
	status = worker_ask(request);
	if (status == -ESTALE)
		return REPLACED;
	return status < 0 ? status : ASKED;
}

/*
 * The commands of INSTANCE behind POSITION, with positions of TAG. READ, ASKED
 * (then AGAIN is called), REPLACED, or a negative errno.
 */
static int read_commands(struct reading *reading, struct instance *instance, unsigned int tag,
			 uint64_t position, void (*again)(struct request *request, int status))
{
	struct request *request = reading->request;
	struct listing *listing = take_listing(request, instance, position);

	if (listing) {
		add_commands(reading, instance, listing, tag, position);
		listing_unref(listing);
		return READ;
	}
	/*
	 * What is there already can be answered; the reader comes back for the
	 * rest.
	 */
	if (reading->used) {
		reading->is_full = true;
		return READ;
	}
	return ask(request, instance, again);
}

static void end(struct reading *reading, int done)
{
	if (done == ASKED)
		free(reading->buffer);
	else
		reply(reading, done);
}

/*
 * Whatever is wrong with one container, the others are listed. But a reader
 * that gets too little because the daemon is short of something has to know.
 */
static bool is_excused(int status)
{
	return status < 0 && status != -ENOMEM && status != -EAGAIN;
}

/*
 * INSTANCE, from TAG:POSITION on or, if it has another tag, from its beginning.
 * STATUS is what its worker said. As read_commands.
 */
static int read_instance(struct reading *reading, struct instance *instance, unsigned int tag,
			 uint64_t position, int status)
{
	struct fuse_entry_param entry = lslfs_directory(reading->fs, instance->node);

	if (instance->tag != tag) {
		position = 0;
		if (!add_entry(reading, instance->name, &entry, position_of(instance->tag, 0)))
			return READ;
	}
	if (reading->request->instance == instance && status < 0)
		return status;
	return read_commands(reading, instance, instance->tag, position, reading_root);
}

void reading_root(struct request *request, int status)
{
	unsigned int tag = (unsigned int)(request->off >> LISTING_POSITION_BITS), from = tag;
	uint64_t position = request->off & LISTING_POSITION_MAX;
	struct instance *instance;
	struct reading reading;
	int done = READ;

	if (!begin(&reading, request, LISTING_IN_ROOT))
		return;
	if (tag == 0)
		add_dots(&reading);
	while (done == READ && !reading.is_full && (instance = catalog_from_tag(from))) {
		done = read_instance(&reading, instance, tag, position, status);
		from = done == REPLACED ? instance->tag : instance->tag + 1;
		if (done == REPLACED || is_excused(done))
			done = READ;
		instance_unref(instance);
	}
	end(&reading, done);
}

void reading_container(struct request *request, int status)
{
	uint64_t position = request->off > POSITION_DOTDOT ? request->off & LISTING_POSITION_MAX
							   : 0;
	struct instance *instance;
	struct reading reading;
	int done = status < 0 ? status : REPLACED;

	if (!begin(&reading, request, LISTING_BARE))
		return;
	add_dots(&reading);
	while (done == REPLACED && (instance = catalog_by_node(request->node))) {
		done = read_commands(&reading, instance, 1, position, reading_container);
		instance_unref(instance);
	}
	end(&reading, done == REPLACED ? -ESTALE : done);
}
