/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long the kernel may keep what it was told: the whole caching policy, in
 * seconds, and why.
 *
 *	what				how long	ended early by
 *	a command in the root		ROOT_TIMEOUT	a change in any bins
 *	a command in NAME/		BARE_TIMEOUT	a change in any bins
 *	a command that is not there	not at all	-
 *	a container's directory		NAME_TIMEOUT	start or stop
 *	no colon, no container		NAME_TIMEOUT	start or stop
 *	the links' target, attributes	FOR_LONG	-
 *	a listing			not at all	-
 *
 * A command that is not there is never kept, because the next lookup may come
 * after its installation and must find it. One that is there may be kept a
 * little too long: lslExecutor looks again, and says 127.
 *
 * A name that cannot be a command is kept for long, because every search of
 * PATH for a program that nobody has ends here and should cost no request.
 *
 * "Ended early" means FUSE_NOTIFY_INC_EPOCH, which takes no lock. Kernels
 * before 6.16 do not have it. There, names last until their timeouts, and
 * NAME_TIMEOUT is a second. FUSE_NOTIFY_INVAL_ENTRY is no substitute: it waits
 * for the directory's lock, which a user can hold for as long as that user
 * likes (by getdents(2) into memory of a file system of their own), and while
 * it waits nobody else gets that lock.
 */
#ifndef LSL_POLICY_H
#define LSL_POLICY_H

#include <stdint.h>

#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_SECOND UINT64_C(1000000000)

#define ROOT_TIMEOUT 10
/*
 * These names may stand first in a PATH, where a stale one hides the next
 * directory's.
 */
#define BARE_TIMEOUT 1
#define NAME_TIMEOUT(has_epoch) ((has_epoch) ? FOR_LONG : 1)

/* A day. */
#define FOR_LONG 86400

/*
 * A container that does not answer within this time, in milliseconds, is taken
 * to hang (worker.h). A disk that has to spin up may take seconds.
 */
#define PATIENCE_MS 3000

/* Listings that nobody has read for so long, in nanoseconds, are freed. */
#define LISTING_IDLE (5 * NS_PER_SECOND)

/* Listings take no more memory than this, in bytes, while others are built. */
#define LISTING_BYTES_MAX (1280L * 1024)

#endif
