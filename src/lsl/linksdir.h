/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LINKSDIR, the command directory, as lsl sees it: mounted or not.
 */
#ifndef LSL_LINKSDIR_H
#define LSL_LINKSDIR_H

#include <stdbool.h>
#include <sys/types.h>

#include "cmddir.h"
#include "failure.h"

enum linksdir_state {
	LINKSDIR_UNMOUNTED,
	LINKSDIR_MOUNTED,
	LINKSDIR_DEAD, /* mounted, but its daemon is gone */
	LINKSDIR_HUNG, /* mounted, but its daemon does not answer */
};

/* So long, in milliseconds, a command directory may take to answer before it is given up, and mounted anew. */
#define LINKSDIR_PATIENCE_MS 10000

/* Whether it is mounted, dead or alive: 1 or 0, or a negative errno. Nobody is asked. */
int linksdir_is_mounted(void);

/* A state, LINKSDIR_HUNG after LIMIT_MS milliseconds without an answer, or a negative errno. */
int linksdir_state(int limit_ms);

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

/* Unmounts it, which is in STATE, also when that is dead or hung, or it is in use. 0 also when nothing was mounted. */
int linksdir_unmount(int state);

/* The number of commands that it lists of container NAME, or a negative errno. */
long linksdir_count(const char *name);

#endif
