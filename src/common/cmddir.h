/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The directory that a command directory is mounted on: what lies there. For
 * lsl and mount.lslfs.
 */
#ifndef LSL_CMDDIR_H
#define LSL_CMDDIR_H

#include <stdbool.h>
#include <sys/types.h>

#include "failure.h"

/* The type under which mount.lslfs is in the mount table. */
#define CMDDIR_FS_TYPE "fuse.lslfs"

/*
 * Whether a command directory is on top of DIR, dead or alive: 1 or 0, or a
 * negative errno. Its daemon is not asked. *DEVICE, which may be NULL, is its
 * file system's then.
 */
int cmddir_is_mounted(const char *dir, dev_t *device);

enum cmddir_state {
	CMDDIR_UNMOUNTED,
	CMDDIR_MOUNTED,
	CMDDIR_DEAD, /* mounted, but its daemon is gone */
	CMDDIR_HUNG, /* mounted, but its daemon does not answer */
};

/*
 * How many milliseconds a command directory may take to answer before it is
 * given up and mounted anew.
 */
#define CMDDIR_PATIENCE_MS 10000

/*
 * A state of DIR, CMDDIR_HUNG after LIMIT_MS milliseconds without an answer, or
 * a negative errno.
 */
int cmddir_state_of(const char *dir, int limit_ms);

/*
 * Unmounts DIR, which is in STATE, if that is dead, hung or in use, too. What
 * waits for one that hangs gets an error. A negative errno.
 */
int cmddir_detach(const char *dir, int state);

/*
 * Opens DIR, on which nothing is mounted. It and what leads to it must be
 * root's (safepath.h), and it must be empty: what lies in it would be commands
 * while the daemon is away. An fd, or a negative errno and a sentence.
 */
int cmddir_open(const char *dir, struct failure *failure);

#endif
