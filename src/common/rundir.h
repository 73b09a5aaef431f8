/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MNTDIR, the directory that holds the state of lsl: for each started
 * container its nsfile and its record. While anything is started it is a bind mount of itself,
 * made private, because the kernel binds a file of nsfs only onto
 * a private mount.
 */
#ifndef LSL_RUNDIR_H
#define LSL_RUNDIR_H

#include <stdbool.h>

/* The file in MNTDIR that is locked; a colon is in no container's name. */
#define RUNDIR_LOCK ":lock"

/*
 * Opens MNTDIR for looking at it. It and all that leads to it must be root's
 * (safepath.h). An O_PATH, close-on-exec fd or a negative errno; -ENOENT: nothing was ever started.
 */
int rundir_open(void);

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
 * Takes the mount and the directory away again when nothing is started. 0 also when
 * containers are still there.
 */
int rundir_remove_if_empty(const struct rundir *rundir);

/*
 * Calls VISIT with the name of each container of which MNTDIR holds a record
 * or an nsfile, each once, sorted. Returns the first value other than 0 that VISIT returned,
 * or a negative errno.
 */
int rundir_visit(int rundir, int (*visit)(const char *name, void *arg), void *arg);

#endif
