/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Downloads the file at an address by curl(1), which has no privilege. It gives
 * up when no more data comes, follows redirects only to https, and sends lsl's
 * name to the server.
 */
#ifndef LSL_DOWNLOAD_H
#define LSL_DOWNLOAD_H

#include "failure.h"
#include "create/tool.h"

struct download {
	const char *url; /* of a kind that url.h knows, without a user */
	const char *user; /* and the password, url.h, or NULL */
	const char *what; /* its name, for the line on the terminal */
	long size; /* in bytes, and no other; 0: unknown */
	long size_max; /* more is an error */
};

/*
 * Writes the file to FD, which is empty, and at its beginning afterwards.
 * -ENOENT: the server has no such file. Other results are tool_run's.
 */
int download_file(const struct download *download, int fd, struct failure *failure);

#endif
