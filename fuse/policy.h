/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long the kernel may keep entries and attributes, in seconds, and why.
 * This is the whole caching policy.
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
 * A missing command is never kept, because the next lookup may come after its
 * installation and must find it. An existing command may be kept a little too
 * long, because lslExecutor looks again, and returns 127.
 *
 * A name that cannot be a command is kept for long. Every search of PATH for a
 * missing program ends here, and should cost no request.
 *
 * "Ended early" means FUSE_NOTIFY_INC_EPOCH, which takes no lock. Kernels
 * before 6.16 do not have it. There, names last until their timeouts, and
 * NAME_TIMEOUT is a second. FUSE_NOTIFY_INVAL_ENTRY is no substitute, because
 * it waits for the directory's lock. A user can hold that lock for any time, by
 * getdents(2) into memory that is mapped from the user's own file system, and
 * while the notification waits nobody else gets the lock.
 */
#ifndef LSL_POLICY_H
#define LSL_POLICY_H

#include <stdint.h>

#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_SECOND UINT64_C(1000000000)

#define ROOT_TIMEOUT 10
/*
 * These names may be first in a PATH, and a stale one hides the same name in
 * the next directory.
 */
#define BARE_TIMEOUT 1
#define NAME_TIMEOUT(has_epoch) ((has_epoch) ? FOR_LONG : 1)

/* The timeout, in nanoseconds, of commands in the directory NODE. */
#define LIFETIME(node) (((node) == FUSE_ROOT_ID ? ROOT_TIMEOUT : BARE_TIMEOUT) * NS_PER_SECOND)

/* A day. */
#define FOR_LONG 86400

/*
 * A container that does not answer within this time, in milliseconds, hangs
 * (worker.h). A disk may need seconds to spin up.
 */
#define PATIENCE_MS 3000

/*
 * A container's listing that takes more of a processor's time, in nanoseconds,
 * is cut: all users wait for it who list the root, and the container's links
 * decide how long the kernel follows them. A slow disk and a busy machine take
 * none of this time.
 */
#define LISTING_NS (5 * NS_PER_SECOND)

/* After this time without a request, in milliseconds, listings are freed. */
#define LISTING_IDLE_MS 5000

/*
 * The memory limit of stored listings, in bytes; listings that are being built
 * come in addition.
 */
#define LISTING_BYTES_MAX (1280L * 1024)

#endif
