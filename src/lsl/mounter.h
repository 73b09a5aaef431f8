/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process that mounts the command directory: it runs mount.lslfs with the
 * privileges that lsl itself gives up.
 */
#ifndef LSL_MOUNTER_H
#define LSL_MOUNTER_H

#include <stdbool.h>

#include "forked.h"

/*
 * The process can mount the command directory later. It is forked before lsl
 * gives up its privileges and loads its system call filter, which the daemon
 * must not inherit.
 */
struct mounter {
	struct forked process;
};

int mounter_start(struct mounter *mounter, bool seccomp);

/*
 * Lets it run mount.lslfs and waits until the directory can be used. On failure
 * mount.lslfs has printed the reason on stderr.
 */
int mounter_go(struct mounter *mounter);

/* Ends it without a mount. */
void mounter_cancel(struct mounter *mounter);

#endif
