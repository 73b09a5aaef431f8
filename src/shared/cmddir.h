/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The state of the directory that a command directory is mounted on. For lsl
 * and mount.lslfs.
 */
#ifndef LSL_CMDDIR_H
#define LSL_CMDDIR_H

#include <stdbool.h>
#include <sys/types.h>

#include "failure.h"

/* The file system type of mount.lslfs in the mount table. */
#define CMDDIR_FS_TYPE "fuse.lslfs"

/*
 * Whether a command directory is on top of DIR, dead or alive: 1 or 0, or a
 * negative errno. This does not ask its daemon. Sets *DEVICE to the device of
 * its file system, unless DEVICE is NULL.
 */
int cmddir_is_mounted(const char *dir, dev_t *device);

enum cmddir_state {
	CMDDIR_UNMOUNTED,
	CMDDIR_MOUNTED,
	CMDDIR_DEAD, /* mounted, but its daemon is gone */
	CMDDIR_HUNG, /* mounted, but its daemon does not answer */
};

/*
 * A command directory that does not answer within this time, in milliseconds,
 * is unmounted and mounted again.
 */
#define CMDDIR_PATIENCE_MS 10000

/*
 * Returns the state of DIR or a negative errno. Without an answer within
 * LIMIT_MS milliseconds the state is CMDDIR_HUNG.
 */
int cmddir_state_of(const char *dir, int limit_ms);

/*
 * Unmounts DIR, which is in STATE, even if it is dead, hung or in use. Requests
 * that wait for a hung daemon fail. Returns 0 or a negative errno.
 */
int cmddir_detach(const char *dir, int state);

/*
 * Opens DIR, on which nothing is mounted. It must be a safe path (safepath.h),
 * and empty, because files in it would be commands while no daemon runs.
 * Returns an fd, or a negative errno and a sentence.
 */
int cmddir_open(const char *dir, struct failure *failure);

#endif
