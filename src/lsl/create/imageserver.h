/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An image server with the simplestreams protocol: streams/v1/index.json has
 * the path of its list of images. curl(1) downloads both, jq(1) reads them.
 */
#ifndef LSL_IMAGESERVER_H
#define LSL_IMAGESERVER_H

#include "create/imageindex.h"
#include "failure.h"
#include "lsl.h"

/*
 * Returns the lines (imageindex.h) of the images of OPTIONS->server, which the
 * caller frees. root saves them in CACHE, an fd or negative. With --offline
 * they are read from there; -ENOENT: they were not saved. -EINVAL: the server's
 * address is invalid or not trusted. Other results are tool_run's.
 */
int imageserver_read(const struct options *options, int cache, char **lines,
		     struct failure *failure);

/*
 * Makes an index of these lines, which it takes over. Returns 0 or a negative
 * errno.
 */
int imageserver_parse(const struct options *options, char *lines, struct imageindex *index,
		      struct failure *failure);

#endif
