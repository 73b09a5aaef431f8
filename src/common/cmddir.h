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

/*
 * Asks the daemon of what is mounted on DIR; may wait for as long as that
 * likes. 0: it answers; -ENOTCONN: there is none. Another negative errno.
 */
int cmddir_ask(const char *dir);

/*
 * Opens DIR, on which nothing is mounted. It and what leads to it must be
 * root's (safepath.h), and it must be empty: what lies in it would be commands
 * while the daemon is away. An fd, or a negative errno and a sentence.
 */
int cmddir_open(const char *dir, struct failure *failure);

#endif
