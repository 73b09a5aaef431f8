/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The daemon is two processes. The server answers requests. The supervisor
 * waits: when the server dies, of whatever cause, it starts another one.
 * supervisor.c begins with how the mount survives.
 */
#ifndef LSL_SUPERVISOR_H
#define LSL_SUPERVISOR_H

#include "mountpoint.h"
#include "options.h"

/* As mount(8): nothing was mounted. */
#define EXIT_NOT_MOUNTED 32

/*
 * Is the supervisor of MOUNT until it is unmounted or we are told to end.
 * Writes a byte to READY, if that is not -1, when the directory can be used for
 * the first time. The exit status; if that is not 0, why has been said, and
 * nothing is mounted.
 */
int supervisor_run(const struct options *options, struct mount *mount, int ready);

#endif
