/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who mounts the command directory: mount.lslfs, run with what lsl itself gives
 * up.
 */
#ifndef LSL_MOUNTER_H
#define LSL_MOUNTER_H

#include <stdbool.h>

#include "forked.h"

/*
 * The process that will mount the command directory if it is asked to: forked
 * before lsl gives up its privileges and loads its system call filter, which
 * the daemon must not inherit.
 */
struct mounter {
	struct forked process;
};

int mounter_start(struct mounter *mounter, bool seccomp);

/*
 * Lets it run mount.lslfs and waits until the directory can be used. It has
 * said on stderr why not.
 */
int mounter_go(struct mounter *mounter);

/* Ends it without a mount. */
void mounter_cancel(struct mounter *mounter);

#endif
