/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process that refreshes containers when the host changes: "lsl refresh
 * --follow", started by lsl start where no service manager does it. One is
 * enough, and it ends when nothing is started any more.
 */
#ifndef LSL_FOLLOWER_H
#define LSL_FOLLOWER_H

#include <stdbool.h>

#include "forked.h"

struct follower {
	struct forked process;
};

/*
 * Forks the process that will become it if it is asked to, before lsl gives up
 * its privileges: it inherits none of the caller's descriptors, limits and
 * environment. 0 or a negative errno.
 */
int follower_prepare(struct follower *follower, bool seccomp);

/* Lets it begin. It runs on when lsl ends. 0 or a negative errno. */
int follower_go(struct follower *follower);

/* Ends it before it has begun. */
void follower_cancel(struct follower *follower);

/*
 * Called by the process itself: makes it the only one for the directory MNTDIR,
 * until it ends. An fd that holds the lock; -EAGAIN: there is another one.
 */
int follower_lock(int rundir);

/*
 * Whether LOCK is still in use: stop removes it with MNTDIR, and start makes
 * another one.
 */
bool follower_is_current(int lock);

#endif
