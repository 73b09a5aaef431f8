/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An image server with the simplestreams protocol: streams/v1/index.json has
 * the path of its list of images. curl(1) downloads both, jq(1) reads them.
 */
#ifndef LSL_IMAGESERVER_H
#define LSL_IMAGESERVER_H

#include <stdbool.h>

#include "failure.h"
#include "create/imageindex.h"
#include "create/tool.h"

struct imageserver {
	const char *url; /* without a user */
	bool is_offline; /* use only earlier downloads */
	const char *user; /* and the password, url.h, or NULL */
};

/*
 * Returns the lines (imageindex.h) of SERVER's images, which the caller frees.
 * root saves them in CACHE, an fd or negative. Offline they are read from
 * there; -ENOENT: they were not saved. -EINVAL: the server's address is invalid
 * or not trusted. Other results are tool_run's.
 */
int imageserver_read(const struct imageserver *server, int cache, char **lines,
		     struct failure *failure);

/*
 * Makes an index of LINES of the server URL, which it takes over. Returns 0 or a
 * negative errno.
 */
int imageserver_parse(const char *url, char *lines, struct imageindex *index,
		      struct failure *failure);

#endif
