/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The daemon is three processes. The server answers requests. The keeper waits: when the server
 * dies, of whatever cause, it starts another. The standby waits for the death of the keeper, and then
 * is the keeper. They go by different names (title.h). keeper.c begins with how the mount survives.
 */
#ifndef LSL_KEEPER_H
#define LSL_KEEPER_H

#include <stdbool.h>
#include <stddef.h>

#include "handshake.h"
#include "mountpoint.h"
#include "options.h"
#include "tie.h"

/* What all lives of the daemon share, in shared memory. */
struct life {
	struct handshake handshake; /* of this mount; every life begins with it */
	bool is_ending; /* somebody has asked us to */
};

/* Of so many dead at the same time is known when they have ended. */
#define DYING_MAX 4

struct daemon {
	const struct options *options;
	struct life *life;
	struct mount mount;
	struct tie server; /* the keeper's and the standby's to the server */
	struct tie standby; /* the keeper's to the standby */
	struct tie keeper; /* the server's and the standby's to the keeper */
	int dying[DYING_MAX]; /* pidfds of the dead whose threads have not all ended; -1: none */
	int signals; /* signalfd(2) of the keeper and the standby */
	bool is_ready; /* it has served before; no more words on stderr */
};

/*
 * Is the keeper until the directory is unmounted or we are told to end. Writes a byte
 * to READY, if that is not -1, when the directory can be used for the first time. The
 * exit status; if that is not 0, why has been said, and nothing is mounted.
 */
int keeper_run(struct daemon *daemon, int ready);

/* For the server: tells that it can be used. A negative errno where a keeper that lives cannot be told. */
int keeper_tell_ready(const struct daemon *daemon);

/* Lets go of the terminal, unless in the foreground. */
void keeper_detach(const struct daemon *daemon);

#endif
