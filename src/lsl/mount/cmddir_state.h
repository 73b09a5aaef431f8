/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LINKSDIR, the command directory, as lsl sees it: mounted or not.
 */
#ifndef LSL_CMDDIR_STATE_H
#define LSL_CMDDIR_STATE_H

#include "cmddir.h"
#include "failure.h"

/* "unmounted", "mounted", "dead" or "hung"; NULL for a negative errno. */
const char *cmddir_state_name(int state);

/*
 * Fails with a negative errno unless the mount point, if there is one, is
 * root's and, while nothing is mounted, empty. Files in it would be commands
 * while the daemon does not run.
 */
int cmddir_inspect(struct failure *failure);

/* The same, but first makes a missing mount point. */
int cmddir_prepare(struct failure *failure);

/*
 * Unmounts the directory, which is in STATE, even if it is dead, hung or in
 * use. Returns 0 also if nothing was mounted.
 */
int cmddir_unmount(int state);

/*
 * A user can hold the directory's lock for any time, so these two wait for a
 * limited time: -ETIMEDOUT, or another negative errno.
 */

/* The number of commands that it lists of container NAME. */
long cmddir_count(const char *name);

/* Whether it has container NAME: 0 or -ENOENT. */
int cmddir_find(const char *name);

#endif
