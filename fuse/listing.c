/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "listing.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "monotonic.h"
#include "hash.h"
#include "instance.h"
#include "policy.h"

struct listing *listing_new(void)
{
	struct listing *listing = calloc(1, sizeof(*listing));

	if (!listing)
		return NULL;
	listing->references = 1;
	listing->begun = monotonic_ns();
	listing->true_at = listing->begun;
	return listing;
}

static int make_room(struct listing *listing, size_t len)
{
	struct listing_item *items;
	char *names;

	if (listing->count == listing->room) {
		listing->room = listing->room ? 2 * listing->room : 256;
		items = reallocarray(listing->items, listing->room, sizeof(*items));
		if (!items)
			return -ENOMEM;
		listing->items = items;
	}
	if (listing->names_size + len > listing->names_room) {
		listing->names_room = 2 * listing->names_room + len + 4096;
		names = realloc(listing->names, listing->names_room);
		if (!names)
			return -ENOMEM;
		listing->names = names;
	}
	return 0;
}

int listing_add(struct listing *listing, const char *name)
{
	size_t len = strlen(name) + 1;
	int status = make_room(listing, len);

	if (status < 0)
		return status;
	memcpy(listing->names + listing->names_size, name, len);
	listing->items[listing->count].position =
		1 +
		hash_bytes(HASH_BEGIN, name, len - 1) % (LISTING_POSITION_MAX - UINT64_C(0x100000));
	listing->items[listing->count].name = listing->names_size;
	listing->count++;
	listing->names_size += len;
	return 0;
}

static int compare(const void *a, const void *b, void *names)
{
	const struct listing_item *x = a, *y = b;

	if (x->position != y->position)
		return x->position < y->position ? -1 : 1;
	return strcmp((char *)names + x->name, (char *)names + y->name);
}

/* Of what was made in advance. */
static void give_room_back(struct listing *listing)
{
	void *items = reallocarray(listing->items, listing->count, sizeof(*listing->items));
	void *names = realloc(listing->names, listing->names_size);

	if (items) {
		listing->items = items;
		listing->room = listing->count;
	}
	if (names) {
		listing->names = names;
		listing->names_room = listing->names_size;
	}
}

/* Names that several bins offer stay once, and no position stays twice. */
void listing_finish(struct listing *listing)
{
	struct listing_item *items = listing->items;
	size_t i, count = 0;

	if (listing->count == 0)
		return;
	qsort_r(items, listing->count, sizeof(*items), compare, listing->names);
	for (i = 0; i < listing->count; i++)
		if (count == 0 || strcmp(listing->names + items[i].name,
					 listing->names + items[count - 1].name) != 0)
			items[count++] = items[i];
	for (i = 1; i < count; i++)
		if (items[i].position <= items[i - 1].position)
			items[i].position = items[i - 1].position + 1;
	listing->count = count;
	give_room_back(listing);
}

void listing_unref(struct listing *listing)
{
	if (!listing || atomic_fetch_sub(&listing->references, 1) > 1)
		return;
	free(listing->items);
	free(listing->names);
	free(listing);
}

size_t listing_seek(const struct listing *listing, uint64_t position)
{
	size_t low = 0, high = listing->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (listing->items[middle].position > position)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/*
 * The store: a list of instances that have a listing. No references: who goes
 * is dropped before.
 */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct instance *stored;
static size_t stored_bytes;

static size_t size_of(const struct listing *listing)
{
	return listing->room * sizeof(struct listing_item) + listing->names_room;
}

/* The lock is held, as for all of these. */
static void drop(struct instance *instance)
{
	struct instance **link = &stored;

	if (!instance->listing)
		return;
	while (*link != instance)
		link = &(*link)->next_stored;
	*link = instance->next_stored;
	stored_bytes -= size_of(instance->listing);
	listing_unref(instance->listing);
	instance->listing = NULL;
}

/* The one that was used least lately, or NULL. */
static struct instance *oldest(void)
{
	struct instance *instance, *found = stored;

	for (instance = stored; instance; instance = instance->next_stored)
		if (instance->listing->used < found->listing->used)
			found = instance;
	return found;
}

void listing_store(struct instance *instance, struct listing *listing)
{
	pthread_mutex_lock(&lock);
	drop(instance);
	while (stored && stored_bytes + size_of(listing) > LISTING_BYTES_MAX)
		drop(oldest());
	listing->used = monotonic_ns();
	atomic_fetch_add(&listing->references, 1);
	instance->listing = listing;
	instance->next_stored = stored;
	stored = instance;
	stored_bytes += size_of(listing);
	pthread_mutex_unlock(&lock);
}

struct listing *listing_get(struct instance *instance)
{
	struct listing *listing;

	pthread_mutex_lock(&lock);
	listing = instance->listing;
	if (listing) {
		listing->used = monotonic_ns();
		atomic_fetch_add(&listing->references, 1);
	}
	pthread_mutex_unlock(&lock);
	return listing;
}

void listing_drop(struct instance *instance)
{
	pthread_mutex_lock(&lock);
	drop(instance);
	pthread_mutex_unlock(&lock);
}

int listings_tend(void)
{
	uint64_t now = monotonic_ns();
	struct instance *instance;
	int left = -1;

	pthread_mutex_lock(&lock);
	while ((instance = oldest()) && instance->listing->used + LISTING_IDLE <= now)
		drop(instance);
	if (instance)
		left = 1 + (int)((instance->listing->used + LISTING_IDLE - now) / NS_PER_MS);
	pthread_mutex_unlock(&lock);
	return left;
}
