/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process that refreshes containers when the host changes: "lsl refresh
 * --follow". lsl start starts it if no service manager does. There is only one,
 * and it ends when no container is started any more.
 */
#ifndef LSL_FOLLOWER_H
#define LSL_FOLLOWER_H

#include <stdbool.h>

#include "forked.h"

struct follower {
	struct forked process;
};

/*
 * Forks the process that can become the follower, before lsl gives up its
 * privileges. It inherits none of the caller's descriptors, limits and
 * environment. Returns 0 or a negative errno.
 */
int follower_prepare(struct follower *follower, bool seccomp);

/* Lets it begin. It continues when lsl ends. Returns 0 or a negative errno. */
int follower_go(struct follower *follower);

/* Ends it before it has begun. */
void follower_cancel(struct follower *follower);

/*
 * The process itself calls this, to be the only one for the directory MNTDIR
 * until it ends. Returns an fd that holds the lock; -EAGAIN: there is another
 * one.
 */
int follower_lock(int rundir);

/*
 * Whether LOCK is still the lock of MNTDIR: stop removes it with MNTDIR, and
 * start makes another one.
 */
bool follower_is_current(int lock);

#endif
