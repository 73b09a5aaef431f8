/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A server of images by the simplestreams protocol: streams/v1/index.json says
 * where its list of images is. curl(1) gets both, jq(1) reads them.
 */
#ifndef LSL_IMAGESERVER_H
#define LSL_IMAGESERVER_H

#include <stdbool.h>

#include "failure.h"
#include "imageindex.h"
#include "tool.h"

struct imageserver {
	const char *url; /* without a user */
	bool is_offline; /* what was downloaded before has to do */
	const char *user; /* and the password, url.h, or NULL */
	const struct tool_watch *watch; /* or NULL */
};

/*
 * The lines (imageindex.h) of what SERVER has, to be freed. root saves them in
 * CACHE, an fd or negative. Offline they are read from there: -ENOENT where
 * they are not. -EINVAL: the server's address is none, or not one that is
 * trusted. Otherwise as tool_run.
 */
int imageserver_read(const struct imageserver *server, int cache, char **lines,
		     struct failure *failure);

/* Makes an index of LINES, which it takes over. A negative errno. */
int imageserver_parse(const struct imageserver *server, char *lines, struct imageindex *index,
		      struct failure *failure);

#endif
