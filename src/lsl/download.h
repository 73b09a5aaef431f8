/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gets what lies at an address, by curl(1), which has no privilege. It gives up
 * where nothing comes any more, follows a redirect to https alone, and says who
 * asks.
 */
#ifndef LSL_DOWNLOAD_H
#define LSL_DOWNLOAD_H

#include <stddef.h>

#include "failure.h"
#include "tool.h"

struct download {
	const char *url; /* of a kind that url.h knows, without a user */
	const char *user; /* and the password, url.h, or NULL */
	const char *what; /* it is, for the line on the terminal */
	long size; /* in bytes; 0: unknown */
	long size_max; /* more is an error */
	const struct tool_watch *watch; /* or NULL */
};

/*
 * Writes it to the file FD, which is empty. -ENOENT: the server has no such
 * file. Otherwise as tool_run.
 */
int download_file(const struct download *download, int fd, struct failure *failure);

/*
 * Fills ENVIRONMENT with what programs that use the network should know of
 * lsl's own: proxies, and the certificates that are trusted. A NULL ends it.
 * The strings are the environment's.
 */
#define DOWNLOAD_ENVIRONMENT_MAX 16
void download_environment(const char *environment[DOWNLOAD_ENVIRONMENT_MAX]);

#endif
