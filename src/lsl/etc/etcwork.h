/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A root filesystem while lsl changes files of its /etc. */
#ifndef LSL_ETCWORK_H
#define LSL_ETCWORK_H

#include <stdbool.h>

#include "etc/journal.h"

struct etcwork {
	const char *container; /* its name, for messages */
	int root, etc; /* fds of the root filesystem and its /etc */
	/*
	 * not a refresh: remove files that the container's programs put in
	 * place of a copy, and say which people are not found
	 */
	bool is_start;
	struct journal journal; /* is written while files change */
};

#endif
