/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process that serves the command directory.
 */
#ifndef LSL_SERVER_H
#define LSL_SERVER_H

#include "keeper.h"

/*
 * Gives up all privilege but what serving needs, goes on with the connection where an earlier
 * server stopped, and serves until it ends. The exit status: 0 when the
 * directory was unmounted. Says on stderr why it cannot begin.
 */
int server_run(struct daemon *daemon);

#endif
