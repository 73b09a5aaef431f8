/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The programs of one container at one moment, each name once, in the order of their
 * positions. A position is a hash of the name: a reader that was somewhere in one
 * listing goes on from there in any later one, and misses or repeats nothing
 * that was in both. (Should two names collide in a listing, the second moves one up; that
 * happens to one directory in a million.) So a listing can be thrown away between two
 * readings, and none is kept for long.
 */
#ifndef LSL_LISTING_H
#define LSL_LISTING_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "started.h"

/* Positions are from 1 to 2 to the power of this, less 1. */
#define LISTING_POSITION_BITS 47

struct listing_item {
	uint64_t position;
	uint64_t name; /* offset into names */
};

struct listing {
	uint64_t node; /* the container's */
	uint64_t generation; /* the container's, when it was begun */
	uint64_t tick; /* it holds all changes up to this one */
	struct timespec begun;
	struct listing_item *items;
	size_t count;
	char *names;
	size_t size; /* bytes in all */
};

/*
 * Reads the bins of STARTED, which the calling thread has entered (pool.h). A bin that
 * cannot be read adds nothing, as it would to an executor run by anybody. -ENOMEM.
 */
int listing_build(struct started *started, struct listing **listing);

void listing_free(struct listing *listing);

static inline const char *listing_name(const struct listing *listing, size_t i)
{
	return listing->names + listing->items[i].name;
}

/*
 * For how many seconds its names may be believed from now on: until ENTRY_TIMEOUT
 * after it was begun, however often and late it is given out. 0 when that is over.
 */
double listing_lifetime(const struct listing *listing);

/* The index of the first item behind POSITION. */
size_t listing_seek(const struct listing *listing, uint64_t position);

/*
 * Listings for the next reader, or for the same one's next reading. There is room for a few;
 * the oldest are given up, and all of them after a while in which nobody reads.
 */
struct listing_store;

struct listing_store *listing_store_new(void);

/* Gives LISTING away. */
void listing_store_put(struct listing_store *store, struct listing *listing);

/*
 * Takes a listing of STARTED from the store: one that is still true, or that
 * holds all changes up to the tick SINCE. With IS_FIRST, for a reader at the beginning, it
 * must also be young enough for what nobody tells (policy.h). NULL if there is none.
 */
struct listing *listing_store_take(struct listing_store *store, struct started *started,
				   uint64_t since, bool is_first);

/*
 * Gives up what nobody needs. The milliseconds until it has to be called again;
 * -1: not before a put.
 */
int listing_store_trim(struct listing_store *store);

#endif
