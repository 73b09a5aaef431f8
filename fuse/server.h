/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process that serves the command directory.
 */
#ifndef LSL_SERVER_H
#define LSL_SERVER_H

#include "connection.h"
#include "options.h"

/*
 * Serves CONNECTION until it ends, and returns 0. READY is the end of a pipe:
 * the server writes a byte to it when the directory can be used, and it closes
 * when the process dies. On failure logs the reason and returns the exit
 * status.
 */
int server_run(const struct connection *connection, int ready, const struct options *options);

#endif
