/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The daemon is two processes: the server answers requests, and the keeper
 * waits. When the server dies, of whatever cause, the keeper starts another; when the keeper
 * dies, the server does. keeper.c begins with how the mount survives.
 */
#ifndef LSL_KEEPER_H
#define LSL_KEEPER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "handshake.h"
#include "options.h"

/* What all lives of the daemon share, in shared memory. */
struct life {
	struct handshake handshake; /* of this mount; every life begins with it */
	bool is_ending; /* somebody has asked us to */
};

struct daemon {
	const struct options *options;
	struct life *life;
	int fuse; /* /dev/fuse, of our mount */
	int other; /* readable, at its end, when the other process has died */
	int own; /* what makes that so for the other one */
	pid_t pid; /* the other process, if it is a child; else 0 */
	bool is_confined; /* privileges were given up */
	bool is_ready; /* it has served before; no more words on stderr */
};

/*
 * Is the keeper until the directory is unmounted or we are told to end. Writes a byte
 * to READY, if that is not -1, when the directory can be used for the first time. The
 * exit status; if that is not 0, why has been said, and nothing is mounted.
 */
int keeper_run(struct daemon *daemon, int ready);

/* For the server: tells that it can be used. */
void keeper_tell_ready(struct daemon *daemon);

/* For the server, when the keeper is dead: forks another one. A negative errno. */
int keeper_renew(struct daemon *daemon);

/* Lets go of the terminal, unless in the foreground. */
void keeper_detach(const struct daemon *daemon);

#endif
