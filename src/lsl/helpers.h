/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Processes with the privileges that start and restart need after lsl has given
 * up its own, and loaded its system call filter, which a daemon must not
 * inherit. They are forked before that.
 */
#ifndef LSL_HELPERS_H
#define LSL_HELPERS_H

#include <stdbool.h>

#include "base/forked.h"
#include "etc/rootwriter.h"

struct helpers {
	struct rootwriter writer;
	struct forked launcher; /* forks for each program that it runs */
};

/*
 * Forks both; SECCOMP: with system call filters. On failure says why and
 * returns false.
 */
bool helpers_start(struct helpers *helpers, bool seccomp);

/*
 * Runs mount.lslfs, and waits until the command directory can be used. A
 * negative errno after a message.
 */
int helpers_mount(struct helpers *helpers);

/*
 * Runs "lsl refresh --follow", which refreshes containers when the host
 * changes, if no service manager starts that. It inherits none of the caller's
 * descriptors, limits and environment, and stays when lsl ends. 0 or a negative
 * errno.
 */
int helpers_follow(struct helpers *helpers);

/* Ends both. */
void helpers_end(struct helpers *helpers);

#endif
