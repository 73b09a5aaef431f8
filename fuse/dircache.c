/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The kernel's cache of a directory's listing, fs/fuse/readdir.c, and what it
 * asks of us.
 *
 * It is one stream of entries for each directory. A reader whose handle was
 * opened with cache_readdir adds what it reads, but only an entry that begins
 * where the stream ends: position for position, by value. When a reader reaches the
 * end just there, the stream is complete, and from then on it is what later
 * handles with cache_readdir read, without asking us. Its pages can be dropped
 * at any time (notify_listing, memory pressure, an opendir without
 * keep_cache); a complete stream with a page missing is begun anew by the next
 * reader from position 0, an incomplete one is not.
 *
 * Positions are hashes of names (listing.h), so they mean the same in every
 * listing at any time, and where readers of different moments add to one
 * stream, it has every name once. What remains to be shown is age: no entry in
 * the stream may be older than the generation that we believe the stream to be
 * of. For that,
 *
 *   settled	is the generation that the stream is at least of. A handle gets
 *		cache_readdir only while the directory is of just that generation; otherwise it
 *		is read from us. opendir looks for news first, so this is exact.
 *   floor	is what readers' answers must be at least of; it rises before the
 *		pages are dropped, and settled rises after that.
 *   filling	are the caching handles whose last answer may not have arrived in
 *		the stream yet. While there are any, pages are not dropped: an
 *		answer from before floor rose could otherwise be added
 *		afterwards. An answer has arrived when its handle is read
 *		again, told its end, or closed.
 *
 * So the drop waits until nothing is on its way, what is added later was
 * answered after floor rose, and a handle that reads the stream was opened after
 * settled rose. A reader that pauses in the middle would hold everybody up; it is
 * given up after a while, behind a barrier: the kernel invalidates a name (any
 * name) only after all who hold the directory's lock, as every reader does until
 * its answer has arrived.
 *
 * What nobody tells (policy.h) makes no generation: for that the stream is read
 * for LISTING_AGE_MS after its first entry was asked for, then dropped by the
 * next opendir or, while it is being filled, passed by.
 *
 * One trap is left. A stream whose reader stops half-way, its pages dropped,
 * ends at a position where nothing is added any more: no later listing of that directory would be
 * cached, ever. It can be freed by a reader that reaches its end at just that
 * position, because then the kernel takes the stream for complete, misses its pages,
 * and begins anew. So we remember the position (stuck), and give it to the last
 * entry that the next readers see (dirhandle.end).
 */
#include "config.h"

#include "dircache.h"

#include <pthread.h>
#include <stdlib.h>

#include "generation.h"
#include "policy.h"

struct dircache {
	pthread_mutex_t lock;
	uint64_t node;
	unsigned int references;
	uint64_t settled, floor;
	struct dirhandle *filling;
	bool is_used; /* something may be in the kernel's cache */
	bool is_awaited; /* to be settled as soon as nobody is filling */
	bool needs_barrier; /* somebody was given up whose answer may still be on its way */
	struct timespec begun; /* when the oldest entry of the stream was asked for */
	unsigned int epoch; /* and after how many times that all names were forgotten */

	/* The readers since nobody was filling last. */
	bool is_complete; /* one of them has reached the end */
	uint64_t reached; /* the furthest position */

	uint64_t stuck; /* where the stream ends, incomplete and without pages; 0: it does not */
};

struct dircache *dircache_new(uint64_t node)
{
	struct dircache *cache = calloc(1, sizeof(*cache));

	if (!cache)
		return NULL;
	pthread_mutex_init(&cache->lock, NULL);
	cache->node = node;
	cache->references = 1;
	/* By an earlier life of the daemon, keeper.h. */
	cache->is_used = true;
	return cache;
}

struct dircache *dircache_ref(struct dircache *cache)
{
	pthread_mutex_lock(&cache->lock);
	cache->references++;
	pthread_mutex_unlock(&cache->lock);
	return cache;
}

void dircache_unref(struct dircache *cache)
{
	unsigned int left;

	pthread_mutex_lock(&cache->lock);
	left = --cache->references;
	pthread_mutex_unlock(&cache->lock);
	if (left)
		return;
	pthread_mutex_destroy(&cache->lock);
	free(cache);
}

uint64_t dircache_node(const struct dircache *cache)
{
	return cache->node;
}

static struct timespec time_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return now;
}

static long milliseconds_since(struct timespec then)
{
	struct timespec now = time_now();

	return (now.tv_sec - then.tv_sec) * 1000 + (now.tv_nsec - then.tv_nsec) / 1000000;
}

bool dircache_open(struct dircache *cache, struct dirhandle *handle, uint64_t generation,
		   unsigned int epoch, bool cacheable)
{
	bool keep = true, is_old;

	handle->cache = dircache_ref(cache);
	handle->is_live = !cacheable;
	handle->epoch = epoch;
	handle->since = handle->is_live ? generation_next() : generation;
	pthread_mutex_lock(&cache->lock);
	is_old = cache->is_used && milliseconds_since(cache->begun) > LISTING_AGE_MS;
	handle->is_caching = cacheable && cache->settled >= generation &&
			     !(is_old && cache->filling);
	if (handle->is_caching) {
		handle->end = cache->stuck;
		if (cache->is_used && !cache->filling && (is_old || cache->epoch != epoch)) {
			cache->begun = time_now();
			cache->epoch = epoch;
			keep = false;
		}
	}
	pthread_mutex_unlock(&cache->lock);
	return keep;
}

/* The lock is held. True if the cache can and must be settled now. */
static bool stop_filling(struct dircache *cache, struct dirhandle *handle)
{
	struct dirhandle **link;
	bool was_awaited = cache->is_awaited;

	if (!handle->is_filling)
		return false;
	for (link = &cache->filling; *link != handle; link = &(*link)->next)
		;
	*link = handle->next;
	handle->is_filling = false;
	if (cache->filling)
		return false;
	if (!cache->is_complete && cache->reached && !cache->stuck) {
		cache->stuck = cache->reached;
		cache->settled = 0;
		was_awaited = true;
	}
	cache->is_complete = false;
	cache->reached = 0;
	return was_awaited;
}

uint64_t dircache_read_begin(struct dirhandle *handle, uint64_t off)
{
	struct dircache *cache = handle->cache;
	uint64_t since;

	pthread_mutex_lock(&cache->lock);
	handle->last = time_now();
	if (off == 0)
		handle->since = handle->is_live ? generation_next() : generation_now();
	since = handle->since;
	if (handle->is_caching) {
		/* Otherwise the stream may begin with what somebody else was answered before. */
		if (off == 0 && !cache->filling) {
			cache->begun = handle->last;
			cache->epoch = handle->epoch;
		}
		if (!handle->is_filling) {
			handle->is_filling = true;
			handle->next = cache->filling;
			cache->filling = handle;
		}
		cache->is_used = true;
		if (since < cache->floor)
			since = cache->floor;
	}
	pthread_mutex_unlock(&cache->lock);
	return since;
}

bool dircache_read_end(struct dirhandle *handle, uint64_t off, uint64_t last)
{
	struct dircache *cache = handle->cache;
	bool is_last = false;

	pthread_mutex_lock(&cache->lock);
	handle->last = time_now();
	if (handle->is_filling && last == 0) {
		cache->is_complete = true;
		if (off == cache->stuck)
			cache->stuck = 0;
		is_last = stop_filling(cache, handle);
	} else if (handle->is_filling && !handle->end && last > cache->reached) {
		cache->reached = last;
	}
	pthread_mutex_unlock(&cache->lock);
	return is_last;
}

bool dircache_close(struct dirhandle *handle)
{
	struct dircache *cache = handle->cache;
	bool was_last;

	pthread_mutex_lock(&cache->lock);
	was_last = stop_filling(cache, handle);
	pthread_mutex_unlock(&cache->lock);
	handle->cache = NULL;
	dircache_unref(cache);
	return was_last;
}

/* The lock is held. Gives those up that have paused for too long. */
static void give_up_paused(struct dircache *cache)
{
	struct dirhandle *handle, *next;

	for (handle = cache->filling; handle; handle = next) {
		next = handle->next;
		if (milliseconds_since(handle->last) < DIRCACHE_PAUSE_MS)
			continue;
		stop_filling(cache, handle);
		cache->needs_barrier = true;
	}
}

enum dircache_settling dircache_settle(struct dircache *cache, uint64_t generation)
{
	enum dircache_settling settling;

	pthread_mutex_lock(&cache->lock);
	if (cache->settled < generation)
		give_up_paused(cache);
	if (cache->settled >= generation) {
		settling = DIRCACHE_SETTLED;
	} else if (cache->filling) {
		settling = DIRCACHE_BUSY;
		cache->is_awaited = true;
	} else {
		cache->is_awaited = false;
		settling = cache->needs_barrier ? DIRCACHE_BARRIER : DIRCACHE_DROP;
		cache->floor = generation;
		if (!cache->is_used) {
			cache->settled = generation;
			settling = DIRCACHE_SETTLED;
		}
		cache->is_used = false;
		cache->needs_barrier = false;
	}
	pthread_mutex_unlock(&cache->lock);
	return settling;
}

void dircache_settled(struct dircache *cache, uint64_t generation)
{
	pthread_mutex_lock(&cache->lock);
	if (cache->floor == generation)
		cache->settled = generation;
	pthread_mutex_unlock(&cache->lock);
}
