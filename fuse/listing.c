/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "listing.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "monotonic.h"
#include "hash.h"
#include "cmdset.h"
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
static uint64_t hash_of(const char *name)
{
	return 3 + hash_bytes(HASH_BEGIN, name, strlen(name)) % (LISTING_POSITION_MAX - 4);
}

uint64_t listing_position(const struct listing *listing, size_t i)
{
	uint64_t position = hash_of(listing_name(listing, i));

	return position + (i > 0 && position == hash_of(listing_name(listing, i - 1)));
}

static int compare(const void *a, const void *b, void *names)
{
	const char *x = (char *)names + *(const uint32_t *)a;
	const char *y = (char *)names + *(const uint32_t *)b;
	uint64_t at = hash_of(x), other = hash_of(y);

	if (at != other)
		return at < other ? -1 : 1;
	return strcmp(x, y);
}

/* Frees the memory that was allocated in advance. */
static void *shrink(void *block, size_t size)
{
	void *less = realloc(block, size);

	/* cppcheck-suppress memleak; the caller gets it */
	return less ? less : block;
}

/* Removes duplicates: several bins may have the same name. */
void listing_finish(struct listing *listing)
{
	uint32_t *items = listing->items;
	size_t i, count = 0;

	if (listing->count == 0)
		return;
	qsort_r(items, listing->count, sizeof(*items), compare, listing->names);
	for (i = 0; i < listing->count; i++)
		if (count == 0 ||
		    strcmp(listing_name(listing, i), listing->names + items[count - 1]) != 0)
			items[count++] = items[i];
	listing->count = count;
	listing->items = shrink(items, count * sizeof(*items));
	listing->names = shrink(listing->names, listing->names_size);
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

/*
 * The store: a list of command sets that have a listing. It has no references:
 * a command set leaves the store before it is freed.
 */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct cmdset *stored;
static size_t stored_count, stored_bytes;

static size_t size_of(const struct listing *listing)
{
	return listing->count * sizeof(*listing->items) + listing->names_size;
}

/* The lock is held, as in all functions of the store. */
static void drop_at(struct cmdset **link)
{
	struct cmdset *cmdset = *link;

	*link = cmdset->next_stored;
	stored_count--;
	stored_bytes -= size_of(cmdset->listing);
	listing_unref(cmdset->listing);
	cmdset->listing = NULL;
}

static void drop(struct cmdset *cmdset)
{
	struct cmdset **link = &stored;

	if (!cmdset->listing)
		return;
	while (*link != cmdset)
		link = &(*link)->next_stored;
	drop_at(link);
}

/*
 * Drops any one. If all containers are listed again and again, the least
 * recently used listing would always be the next one to be read.
 */
static void drop_any(void)
{
	struct cmdset **link = &stored;
	uint64_t left = monotonic_ns() / 1009 % stored_count;

	while (left--)
		link = &(*link)->next_stored;
	drop_at(link);
}

void listing_store(struct cmdset *cmdset, struct listing *listing)
{
	pthread_mutex_lock(&lock);
	drop(cmdset);
	while (stored && stored_bytes + size_of(listing) > LISTING_BYTES_MAX)
		drop_any();
	listing->used = monotonic_ns();
	atomic_fetch_add(&listing->references, 1);
	cmdset->listing = listing;
	cmdset->next_stored = stored;
	stored = cmdset;
	stored_count++;
	stored_bytes += size_of(listing);
	pthread_mutex_unlock(&lock);
}

struct listing *listing_get(struct cmdset *cmdset)
{
	struct listing *listing;

	pthread_mutex_lock(&lock);
	listing = cmdset->listing;
	if (listing) {
		listing->used = monotonic_ns();
		atomic_fetch_add(&listing->references, 1);
	}
	pthread_mutex_unlock(&lock);
	return listing;
}

void listing_drop(struct cmdset *cmdset)
{
	pthread_mutex_lock(&lock);
	drop(cmdset);
	pthread_mutex_unlock(&lock);
}

int listings_tend(void)
{
	uint64_t now, left = UINT64_MAX, end;
	struct cmdset **link = &stored;

	pthread_mutex_lock(&lock);
	now = monotonic_ns();
	while (*link) {
		end = (*link)->listing->used + LISTING_IDLE;
		if (end <= now) {
			drop_at(link);
			continue;
		}
		left = end - now < left ? end - now : left;
		link = &(*link)->next_stored;
	}
	pthread_mutex_unlock(&lock);
	return left == UINT64_MAX ? -1 : 1 + (int)(left / NS_PER_MS);
}
