/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands of one container at one moment, each name once, in the order of
 * their positions. A position is a hash of the name: a reader can go on from
 * its position in any later listing, and misses or repeats no name that is in
 * both. (If two names collide, the second has the next position; that happens
 * in one of 2,000 directories with 20,000 names.) So a listing may be thrown
 * away between two readings, and an open directory needs nothing kept for it.
 *
 * Each container has at most one listing in store, its latest. A listing is
 * limited to LISTING_BYTES_MAX, and so is the store (policy.h): many small
 * files in one directory must not take the machine's memory.
 */
#ifndef LSL_LISTING_H
#define LSL_LISTING_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct cmdset;

/* Positions are from 3 to 2 to the power of this, less 2. */
#define LISTING_POSITION_BITS 39
#define LISTING_POSITION_MAX ((UINT64_C(1) << LISTING_POSITION_BITS) - 1)

struct listing {
	atomic_int references;
	uint64_t begun; /* all changes before this moment are in it */
	/* it was seen to be true at this moment */
	atomic_uint_least64_t true_at;
	uint64_t used; /* the last time; the store's */
	uint32_t *items; /* where in names each begins */
	size_t count, room;
	char *names;
	size_t names_size, names_room;

	/*
	 * The epoch in which the kernel was told of all names, in the
	 * container's directory and in the root.
	 */
	atomic_uint told_in[2];
};

/* An empty one, begun now, with a reference; NULL without memory. */
struct listing *listing_new(void);

/* 0, -ENOMEM, or -EFBIG where it would be too large. */
int listing_add(struct listing *listing, const char *name);

/* No more is added: puts it in order. */
void listing_finish(struct listing *listing);

/* LISTING may be NULL. */
void listing_unref(struct listing *listing);

static inline const char *listing_name(const struct listing *listing, size_t i)
{
	return listing->names + listing->items[i];
}

uint64_t listing_position(const struct listing *listing, size_t i);

/* The index of the first item behind POSITION. */
size_t listing_seek(const struct listing *listing, uint64_t position);

/*
 * The store takes a reference, and drops other listings where memory is short.
 */
void listing_store(struct cmdset *cmdset, struct listing *listing);

/* A reference to the one in store, or NULL. */
struct listing *listing_get(struct cmdset *cmdset);

/* Gives up what is in store of INSTANCE. */
void listing_drop(struct cmdset *cmdset);

/*
 * Gives up what nobody has read for a while. The milliseconds until it has to
 * be called again; -1: not before something else is stored.
 */
int listings_tend(void);

#endif
