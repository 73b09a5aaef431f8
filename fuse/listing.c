/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "listing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "generation.h"
#include "hash.h"
#include "policy.h"
#include "pool.h"
#include "search.h"

#define POSITION_MAX ((UINT64_C(1) << LISTING_POSITION_BITS) - 1)

static long milliseconds_since(struct timespec then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (now.tv_sec - then.tv_sec) * 1000 + (now.tv_nsec - then.tv_nsec) / 1000000;
}

/* A listing under construction. */
struct builder {
	struct listing *listing;
	size_t items_size, names_used, names_size;
};

static int add_name(const char *name, void *arg)
{
	struct builder *builder = arg;
	struct listing *listing = builder->listing;
	size_t len = strlen(name) + 1;
	struct listing_item *items;
	char *names;

	pool_progress();
	if (listing->count == builder->items_size) {
		builder->items_size = builder->items_size ? 2 * builder->items_size : 256;
		items = reallocarray(listing->items, builder->items_size, sizeof(*items));
		if (!items)
			return -ENOMEM;
		listing->items = items;
	}
	if (builder->names_used + len > builder->names_size) {
		builder->names_size = 2 * builder->names_size + len + 4096;
		names = realloc(listing->names, builder->names_size);
		if (!names)
			return -ENOMEM;
		listing->names = names;
	}
	memcpy(listing->names + builder->names_used, name, len);
	listing->items[listing->count].position =
		1 + hash_text(name) % (POSITION_MAX - UINT64_C(0x100000));
	listing->items[listing->count].name = builder->names_used;
	listing->count++;
	builder->names_used += len;
	return 0;
}

static int compare(const void *a, const void *b, void *names)
{
	const struct listing_item *x = a, *y = b;

	if (x->position != y->position)
		return x->position < y->position ? -1 : 1;
	return strcmp((char *)names + x->name, (char *)names + y->name);
}

/* Sorted, names that several bins offer once, and no position twice. */
static void put_in_order(struct listing *listing)
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
}

struct place {
	dev_t dev;
	ino_t ino;
};

/* Whether BIN is one of the COUNT at PLACES; otherwise it is added there. */
static bool was_visited(int root, const char *bin, struct place *places, size_t *count)
{
	int fd = search_open(root, bin, O_PATH);
	bool is_there = false;
	struct stat st;
	size_t i;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0) {
		for (i = 0; i < *count && !is_there; i++)
			is_there = places[i].dev == st.st_dev && places[i].ino == st.st_ino;
		if (!is_there)
			places[(*count)++] = (struct place){st.st_dev, st.st_ino};
	}
	close(fd);
	return is_there;
}

static int visit_bins(const struct started *started, struct builder *builder)
{
	struct place *places = calloc(started->bin_count, sizeof(*places));
	size_t count = 0;
	const char *bin;
	int status = 0;

	if (!places)
		return -ENOMEM;
	for (bin = started->bins.first; bin != started->bins.end && status != -ENOMEM;
	     bin = record_next(bin)) {
		pool_progress();
		if (!was_visited(started->root, bin, places, &count))
			status = search_visit(started->root, bin, add_name, builder);
	}
	free(places);
	return status == -ENOMEM ? status : 0;
}

int listing_build(struct started *started, struct listing **listing)
{
	struct builder builder = {.listing = calloc(1, sizeof(**listing))};
	int status = builder.listing ? 0 : -ENOMEM;

	if (status == 0) {
		builder.listing->node = started->node;
		builder.listing->tick = generation_now();
		builder.listing->generation = atomic_load(&started->generation);
		clock_gettime(CLOCK_MONOTONIC_COARSE, &builder.listing->begun);
		status = visit_bins(started, &builder);
	}
	if (status < 0) {
		listing_free(builder.listing);
		return status;
	}
	put_in_order(builder.listing);
	builder.listing->size =
		builder.items_size * sizeof(struct listing_item) + builder.names_size;
	*listing = builder.listing;
	return 0;
}

void listing_free(struct listing *listing)
{
	if (!listing)
		return;
	free(listing->items);
	free(listing->names);
	free(listing);
}

double listing_lifetime(const struct listing *listing)
{
	double left = ENTRY_TIMEOUT - (double)milliseconds_since(listing->begun) / 1000;

	return left > 0 ? left : 0;
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

/* Listings kept, and bytes in them. */
#define STORE_MAX 32
#define STORE_BYTES (2L * 1024 * 1024)

struct stored {
	struct listing *listing;
	struct timespec put;
};

/* The one that was put there first is the first. */
struct listing_store {
	pthread_mutex_t lock;
	struct stored stored[STORE_MAX];
	size_t count, bytes;
};

struct listing_store *listing_store_new(void)
{
	struct listing_store *store = calloc(1, sizeof(*store));

	if (store)
		pthread_mutex_init(&store->lock, NULL);
	return store;
}

/* The lock is held. */
static struct listing *take_at(struct listing_store *store, size_t i)
{
	struct listing *listing = store->stored[i].listing;

	store->count--;
	store->bytes -= listing->size;
	memmove(store->stored + i, store->stored + i + 1,
		(store->count - i) * sizeof(store->stored[0]));
	return listing;
}

void listing_store_put(struct listing_store *store, struct listing *listing)
{
	struct listing *given_up[STORE_MAX];
	size_t i, count = 0;

	pthread_mutex_lock(&store->lock);
	while (store->count == STORE_MAX ||
	       (store->count && store->bytes + listing->size > STORE_BYTES))
		given_up[count++] = take_at(store, 0);
	store->stored[store->count].listing = listing;
	clock_gettime(CLOCK_MONOTONIC_COARSE, &store->stored[store->count].put);
	store->count++;
	store->bytes += listing->size;
	pthread_mutex_unlock(&store->lock);
	for (i = 0; i < count; i++)
		listing_free(given_up[i]);
}

static bool is_good(const struct listing *listing, struct started *started, uint64_t since,
		    bool is_first)
{
	if (listing->node != started->node ||
	    (is_first && milliseconds_since(listing->begun) > LISTING_AGE_MS))
		return false;
	if (listing->tick >= since)
		return true;
	return listing->generation == atomic_load(&started->generation) &&
	       atomic_load(&started->is_watched) && !atomic_load(&started->must_look);
}

struct listing *listing_store_take(struct listing_store *store, struct started *started,
				   uint64_t since, bool is_first)
{
	struct listing *listing = NULL;
	size_t i;

	pthread_mutex_lock(&store->lock);
	for (i = store->count; i-- > 0 && !listing;)
		if (is_good(store->stored[i].listing, started, since, is_first))
			listing = take_at(store, i);
	pthread_mutex_unlock(&store->lock);
	return listing;
}

int listing_store_trim(struct listing_store *store)
{
	struct listing *given_up;
	long left = -1;

	do {
		given_up = NULL;
		pthread_mutex_lock(&store->lock);
		if (store->count) {
			left = LISTING_AGE_MS - milliseconds_since(store->stored[0].put);
			if (left <= 0)
				given_up = take_at(store, 0);
		}
		pthread_mutex_unlock(&store->lock);
		listing_free(given_up);
	} while (given_up);
	return left > 0 ? (int)left : -1;
}
