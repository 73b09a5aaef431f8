/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MNTDIR (rundir.h) as it is changed: made, locked, removed.
 */
#ifndef LSL_RUNDIR_LOCK_H
#define LSL_RUNDIR_LOCK_H

#include <stdbool.h>

/* The file in MNTDIR that is locked; a colon is in no container's name. */
#define RUNDIR_LOCK ":lock"

/* MNTDIR, open for changing it; the lock keeps two changes apart. */
struct rundir {
	int dir;
	int lock;
};

/*
 * Opens MNTDIR and takes the lock; waits for it. With CREATE the directory and
 * its private mount are made where they are missing; otherwise -ENOENT when
 * there is none. On failure *MNTDIR need not be unlocked.
 */
int rundir_lock(bool create, struct rundir *rundir);

void rundir_unlock(struct rundir *rundir);

/*
 * Takes the mount and the directory away again when nothing is started. 0 also
 * when containers are still there.
 */
int rundir_remove_if_empty(const struct rundir *rundir);

#endif
