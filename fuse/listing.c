/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "listing.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "monotonic.h"
#include "policy.h"

struct listing *listing_new(uint64_t cmdset, uint64_t node)
{
	struct listing *listing = calloc(1, sizeof(*listing));

	if (!listing)
		return NULL;
	listing->cmdset = cmdset;
	listing->node = node;
	listing->references = 1;
	listing->begun = monotonic_ns();
	listing->true_at = listing->begun;
	return listing;
}

static int make_room(struct listing *listing, size_t len)
{
	uint32_t *items;
	char *names;

	if ((listing->count + 1) * sizeof(*items) + listing->names_size + len > LISTING_BYTES_MAX)
		return -EFBIG;
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
	listing->items[listing->count++] = (uint32_t)listing->names_size;
	listing->names_size += len;
	return 0;
}

/* The first ones are "." and ".." in a container's directory. */
static uint64_t hash_of_name(const char *name)
{
	return 3 + hash_bytes(HASH_BEGIN, name, strlen(name)) % (LISTING_POSITION_MAX - 4);
}

uint64_t listing_position(const struct listing *listing, size_t i)
{
	uint64_t position = hash_of_name(listing_name(listing, i));

	return position + (i > 0 && position == hash_of_name(listing_name(listing, i - 1)));
}

/* The names that this thread sorts: musl has qsort_r(3) since 1.2.3. */
static _Thread_local const char *sorted_names;

static int compare(const void *a, const void *b)
{
	const char *x = sorted_names + *(const uint32_t *)a;
	const char *y = sorted_names + *(const uint32_t *)b;
	uint64_t at = hash_of_name(x), other = hash_of_name(y);

	if (at != other)
		return at < other ? -1 : 1;
	return strcmp(x, y);
}

/* Frees the memory that was allocated in advance. */
static void *shrink_block(void *block, size_t size)
{
	void *less = realloc(block, size);

	/* cppcheck-suppress memleak; the caller gets it */
	return less ? less : block;
}

/* Sorts it, and removes duplicates: several bins may have the same name. */
static void finish_listing(struct listing *listing)
{
	uint32_t *items = listing->items;
	size_t i, count = 0;

	if (listing->count == 0)
		return;
	sorted_names = listing->names;
	qsort(items, listing->count, sizeof(*items), compare);
	for (i = 0; i < listing->count; i++)
		if (count == 0 ||
		    strcmp(listing_name(listing, i), listing->names + items[count - 1]) != 0)
			items[count++] = items[i];
	listing->count = count;
	listing->items = shrink_block(items, count * sizeof(*items));
	listing->names = shrink_block(listing->names, listing->names_size);
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
		if (listing_position(listing, middle) > position)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct listing *stored;
static size_t stored_count, stored_bytes;

static size_t size_of(const struct listing *listing)
{
	return listing->count * sizeof(*listing->items) + listing->names_size;
}

/* The lock is held, as in all functions of the store. */
static void drop(struct listing **link)
{
	struct listing *listing = *link;

	*link = listing->next;
	stored_count--;
	stored_bytes -= size_of(listing);
	listing_unref(listing);
}

static struct listing **place_of_listing(uint64_t cmdset, uint64_t node)
{
	struct listing **link = &stored;

	while (*link && ((*link)->cmdset != cmdset || (*link)->node != node))
		link = &(*link)->next;
	return link;
}

/*
 * Drops any one. If all containers are listed again and again, the least
 * recently used listing would always be the next one to be read.
 */
static void drop_any(void)
{
	struct listing **link = &stored;
	uint64_t left = monotonic_ns() / 1009 % stored_count;

	while (left--)
		link = &(*link)->next;
	drop(link);
}

void listing_store(struct listing *listing)
{
	struct listing **earlier;

	finish_listing(listing);
	pthread_mutex_lock(&lock);
	earlier = place_of_listing(listing->cmdset, listing->node);
	if (*earlier)
		drop(earlier);
	while (stored && stored_bytes + size_of(listing) > LISTING_BYTES_MAX)
		drop_any();
	atomic_fetch_add(&listing->references, 1);
	listing->next = stored;
	stored = listing;
	stored_count++;
	stored_bytes += size_of(listing);
	pthread_mutex_unlock(&lock);
}

struct listing *listing_get(uint64_t cmdset, uint64_t node)
{
	struct listing *listing;

	pthread_mutex_lock(&lock);
	listing = *place_of_listing(cmdset, node);
	if (listing)
		atomic_fetch_add(&listing->references, 1);
	pthread_mutex_unlock(&lock);
	return listing;
}

void listings_drop(void)
{
	pthread_mutex_lock(&lock);
	while (stored)
		drop(&stored);
	pthread_mutex_unlock(&lock);
}
