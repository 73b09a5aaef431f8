/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the daemon tells the kernel unasked: to forget something it has cached.
 *
 * notify_entry waits in the kernel for the directory's lock, which every
 * lookup and every reading of that directory holds until it is answered. So
 * nobody who answers requests may call it, nor anybody who holds a lock that such a
 * thread may want.
 */
#ifndef LSL_NOTIFY_H
#define LSL_NOTIFY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct fuse_session;

struct notify {
	struct fuse_session *session;
	bool has_epoch; /* notify_everything works: since Linux 6.16 */
	atomic_uint epoch; /* how often that was done */
	atomic_uint news; /* how often because of something new */
};

/* To be called once the session is initialized. Without MAY_USE_EPOCH as on an older kernel. */
void notify_init(struct notify *notify, struct fuse_session *session, bool may_use_epoch);

/* The name NAME in the directory with node id DIR, there or not there. */
void notify_entry(const struct notify *notify, uint64_t dir, const char *name);

/* The cached listing and attributes of the directory DIR. */
void notify_listing(const struct notify *notify, uint64_t dir);

/*
 * All names of all directories, also negative ones and those being looked up now; but not
 * those that come with the answer to a reader, if it takes them in later.
 * Waits for nothing. -ENOSYS before Linux 6.16.
 */
int notify_everything(struct notify *notify);

/*
 * For those names: a reader that was answered when notify->news was NEWS has taken
 * in what it got. Everything is forgotten once more, if it was meanwhile.
 */
void notify_stragglers(struct notify *notify, unsigned int news);

/*
 * Asks the kernel, through FD, an open /dev/fuse, to send again all
 * requests that a dead process read and did not answer. Since Linux 6.9; a negative errno.
 */
int notify_resend(int fd);

/*
 * Whether the file system that FD, an open /dev/fuse, serves is still mounted anywhere, served or
 * not. The kernel looks for its root directory in memory; no path is walked.
 */
bool notify_is_mounted(int fd);

#endif
