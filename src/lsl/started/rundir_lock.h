/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes, locks and removes MNTDIR (rundir.h). */
#ifndef LSL_RUNDIR_LOCK_H
#define LSL_RUNDIR_LOCK_H

/* The file in MNTDIR that is locked; a colon is in no container's name. */
#define RUNDIR_LOCK ":lock"

/* MNTDIR, open to change it; the lock admits one change at a time. */
struct rundir {
	int dir;
	int lock;
};

/* What of MNTDIR is made if it is missing. */
enum rundir_make {
	/*
	 * For refresh: a lock file that it made while lsl stop removes the
	 * directory would keep that.
	 */
	RUNDIR_MAKE_NOTHING,
	RUNDIR_MAKE_LOCK, /* the lock file: a killed stop can have removed it */
	RUNDIR_MAKE_ALL, /* the directory and its private mount, too */
};

/*
 * Opens MNTDIR and takes the lock; waits for it. -ENOENT: something is missing
 * that is not to be made. On failure *RUNDIR need not be unlocked.
 */
int rundir_lock(enum rundir_make make, struct rundir *rundir);

void rundir_unlock(struct rundir *rundir);

/* Whether a container has a file in it: 1, 0 or a negative errno. */
int rundir_is_used(const struct rundir *rundir);

/*
 * Removes the mount and the directory if no container is started. Returns 0
 * also if containers are still there.
 */
int rundir_remove_if_empty(const struct rundir *rundir);

#endif
