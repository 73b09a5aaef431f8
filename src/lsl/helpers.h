/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Processes with the privileges that start and restart need after lsl has given
 * up its own. They are forked before that.
 */
#ifndef LSL_HELPERS_H
#define LSL_HELPERS_H

#include <stdbool.h>

#include "follower.h"
#include "mounter.h"
#include "rootwriter.h"

struct helpers {
	struct rootwriter writer;
	struct mounter mounter;
	struct follower follower;
	bool has_mounter, has_follower; /* they have not been used yet */
};

/*
 * Forks all of them, with system call filters where SECCOMP says so. 0 or a
 * negative errno.
 */
int helpers_start(struct helpers *helpers, bool seccomp);

/* Mounts the command directory, by mounter_go. */
int helpers_mount(struct helpers *helpers);

/* Starts the follower, by follower_go. */
int helpers_follow(struct helpers *helpers);

/* Ends those that are left. */
void helpers_end(struct helpers *helpers);

#endif
