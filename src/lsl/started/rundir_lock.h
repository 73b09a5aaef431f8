/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes, locks and removes MNTDIR (rundir.h). */
#ifndef LSL_RUNDIR_LOCK_H
#define LSL_RUNDIR_LOCK_H

#include <stdbool.h>

/* The file in MNTDIR that is locked; a colon is in no container's name. */
#define RUNDIR_LOCK ":lock"

/* MNTDIR, open to change it; the lock admits one change at a time. */
struct rundir {
	int dir;
	int lock;
};

/*
 * Opens MNTDIR and takes the lock; waits for it. With CREATE a missing
 * directory and its private mount are made; otherwise -ENOENT if there is none.
 * On failure *MNTDIR need not be unlocked.
 */
int rundir_lock(bool create, struct rundir *rundir);

void rundir_unlock(struct rundir *rundir);

/* Whether a container has a file in it: 1, 0 or a negative errno. */
int rundir_is_used(const struct rundir *rundir);

/*
 * Removes the mount and the directory if no container is started. Returns 0
 * also if containers are still there.
 */
int rundir_remove_if_empty(const struct rundir *rundir);

#endif
