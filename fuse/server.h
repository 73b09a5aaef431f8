/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process that serves the command directory.
 */
#ifndef LSL_SERVER_H
#define LSL_SERVER_H

#include "connection.h"
#include "options.h"

/*
 * Serves CONNECTION until it ends; then 0. READY is a pipe's end: a byte is
 * written to it when the directory can be used, and it is closed by the death
 * of the process. On failure the exit status, and why has been said.
 */
int server_run(const struct connection *connection, int ready, const struct options *options);

#endif
