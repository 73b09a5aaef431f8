/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The names that one container has in one directory at one moment, each once,
 * in the order of their positions. A position is a hash of the name, so a
 * reader can continue from it in any later listing, and misses or repeats no
 * name that is in both. (If two names collide, the second has the next
 * position; that happens in one of 2,000 directories with 20,000 names.) So a
 * listing may be freed between two reads, and nothing is kept for an open
 * directory.
 *
 * The store has the latest listings. A listing is limited to LISTING_BYTES_MAX,
 * and so is the store (policy.h), because many small files in one directory
 * must not use up the machine's memory.
 */
#ifndef LSL_LISTING_H
#define LSL_LISTING_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* Positions are from 3 to 2 to the power of this, less 2. */
#define LISTING_POSITION_BITS 39
#define LISTING_POSITION_MAX ((UINT64_C(1) << LISTING_POSITION_BITS) - 1)

struct listing {
	uint64_t cmdset; /* its id */
	uint64_t node; /* the directory's */
	atomic_int references;
	uint64_t begun; /* all changes before this moment are in it */
	/* it was last verified at this moment */
	atomic_uint_least64_t true_at;
	uint32_t *items; /* the offset in names of each */
	size_t count, room;
	char *names;
	size_t names_size, names_room;

	/*
	 * The epoch in which the kernel got all names, in the container's
	 * directory and in the root.
	 */
	atomic_uint told_in[2];
	struct listing *next; /* the store's */
};

/*
 * Returns an empty listing, begun now, with a reference; NULL without memory.
 */
struct listing *listing_new(uint64_t cmdset, uint64_t node);

/* Returns 0, -ENOMEM, or -EFBIG if the listing would be too large. */
int listing_add(struct listing *listing, const char *name);

/*
 * Finishes the listing: no more names are added. The store takes a reference,
 * and drops others if it is full.
 */
void listing_store(struct listing *listing);

/* Returns a reference to the stored listing, or NULL. */
struct listing *listing_get(uint64_t cmdset, uint64_t node);

/* LISTING may be NULL. */
void listing_unref(struct listing *listing);

static inline const char *listing_name(const struct listing *listing, size_t i)
{
	return listing->names + listing->items[i];
}

uint64_t listing_position(const struct listing *listing, size_t i);

/* The index of the first item after POSITION. */
size_t listing_seek(const struct listing *listing, uint64_t position);

/* Drops all stored listings. */
void listings_drop(void);

#endif
