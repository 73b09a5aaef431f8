/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The daemon has two processes. The server answers requests. The supervisor
 * waits; when the server dies, for whatever cause, it starts another one.
 * supervisor.c begins with an explanation of how the mount survives.
 */
#ifndef LSL_SUPERVISOR_H
#define LSL_SUPERVISOR_H

#include "mountpoint.h"
#include "options.h"

/* As mount(8): nothing was mounted. */
#define EXIT_NOT_MOUNTED 32

/*
 * Supervises MOUNT until it is unmounted or a signal tells us to end. Writes a
 * byte to READY, if that is not -1, when the directory can be used for the
 * first time. Returns the exit status; if that is not 0, the reason has been
 * logged, and nothing is mounted.
 */
int supervisor_run(const struct options *options, struct mount *mount, int ready);

#endif
