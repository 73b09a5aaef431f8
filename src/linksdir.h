/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LINKSDIR, the command directory, as lsl sees it: mounted or not.
 */
#ifndef LSL_LINKSDIR_H
#define LSL_LINKSDIR_H

#include <stdbool.h>
#include <sys/types.h>

#include "failure.h"

/* The type under which mount.lslfs is in the mount table. */
#define LINKSDIR_FS_TYPE "fuse.lslfs"

enum linksdir_state {
	LINKSDIR_UNMOUNTED,
	LINKSDIR_MOUNTED,
	LINKSDIR_DEAD, /* mounted, but its daemon is gone */
	LINKSDIR_HUNG, /* mounted, but its daemon does not answer; linksdir_probe's alone */
};

/* A state or a negative errno. */
int linksdir_state(void);

/* The same, without waiting for a daemon that does not answer within LIMIT_MS milliseconds. */
int linksdir_probe(int limit_ms);

/* "unmounted", "mounted", "dead" or "hung"; NULL for a negative errno. */
const char *linksdir_state_name(int state);

/*
 * Requires of the mount point, if there is one, that it is root's and, while nothing is mounted, empty: what
 * lies in it would be commands while the daemon is away. A negative errno.
 */
int linksdir_inspect(struct failure *failure);

/* The same, after making it if it is missing. */
int linksdir_prepare(struct failure *failure);

/*
 * The process that will mount the command directory if it is asked to: forked
 * before lsl gives up its privileges and loads its system call filter, which the
 * daemon must not inherit.
 */
struct linksdir_mounter {
	pid_t pid;
	int control;
};

int linksdir_mounter_start(struct linksdir_mounter *mounter, bool seccomp);

/* Lets it run mount.lslfs and waits until the directory can be used. It has said on stderr why not. */
int linksdir_mounter_go(struct linksdir_mounter *mounter);

/* Ends it without a mount. */
void linksdir_mounter_cancel(struct linksdir_mounter *mounter);

/* Unmounts it, also a dead one and one that is in use. 0 also when nothing was mounted. */
int linksdir_unmount(void);

/* The number of commands that it lists of container NAME, or a negative errno. */
long linksdir_count(const char *name);

#endif
