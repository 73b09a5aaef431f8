/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the kernel keeps of one directory's listing, and who is filling it.
 * dircache.c begins with how that cache works and why this is right.
 *
 * Everything here is quick and may be called by whoever answers requests.
 */
#ifndef LSL_DIRCACHE_H
#define LSL_DIRCACHE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct dircache;

/* One open directory. All of it belongs to dircache.c, except that answers may look at end. */
struct dirhandle {
	uint64_t id;
	struct dircache *cache;
	bool is_caching; /* the kernel keeps what is read through it */
	bool is_live; /* not every change is told: what is there has to be looked at each time */
	bool is_filling; /* a reply may still be on its way into the kernel's cache */
	unsigned int epoch; /* when it was opened */
	uint64_t since; /* the tick at which it was opened or rewound */
	struct timespec last; /* when it was last read */
	bool has_names; /* its reader has been given names that the kernel keeps, */
	unsigned int news; /* which were true at that time (notify.h); lslfs.c's */
	uint64_t end; /* the position that its last entry must have; 0: any */
	struct dirhandle *next; /* of those that are filling */
};

/* The cache of the directory with node id NODE. References are counted. NULL without memory. */
struct dircache *dircache_new(uint64_t node);
struct dircache *dircache_ref(struct dircache *cache);
void dircache_unref(struct dircache *cache);

uint64_t dircache_node(const struct dircache *cache);

/*
 * The directory, now of generation GENERATION, is being opened as HANDLE, all zero.
 * CACHEABLE: every change of it will be told. EPOCH: how often the kernel has
 * forgotten all names (notify.h), and so those that came with an earlier listing. Afterwards HANDLE->is_caching is what
 * the kernel may be told as cache_readdir, and the result as keep_cache.
 */
bool dircache_open(struct dircache *cache, struct dirhandle *handle, uint64_t generation,
		   unsigned int epoch, bool cacheable);

/*
 * HANDLE is read from position OFF on. What is answered must hold all changes up to
 * the tick returned here.
 */
uint64_t dircache_read_begin(struct dirhandle *handle, uint64_t off);

/*
 * It was answered; the last entry's position was LAST, or 0 where the end was
 * told to a reader at OFF. True: whoever settles this cache may go on.
 */
bool dircache_read_end(struct dirhandle *handle, uint64_t off, uint64_t last);

/* HANDLE is closed, or its reader is gone. True as above. */
bool dircache_close(struct dirhandle *handle);

enum dircache_settling {
	DIRCACHE_SETTLED, /* nothing to do */
	DIRCACHE_DROP, /* have the kernel forget the listing, then dircache_settled */
	DIRCACHE_BARRIER, /* the same, but wait for the readers of this moment first */
	DIRCACHE_BUSY, /* try again after DIRCACHE_PAUSE_MS or when read_end or close say so */
};

/* How long a reader may pause before its listing is given up, in milliseconds. */
#define DIRCACHE_PAUSE_MS 2000

/* Begins to bring the kernel's cache up to generation GENERATION. */
enum dircache_settling dircache_settle(struct dircache *cache, uint64_t generation);

/* The kernel has forgotten: what it caches from now on is of GENERATION or newer. */
void dircache_settled(struct dircache *cache, uint64_t generation);

#endif
