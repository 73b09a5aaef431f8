/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files of a container in MNTDIR. A started container has a pinned
 * namespace and a record.
 */
#ifndef LSL_INSTANCE_H
#define LSL_INSTANCE_H

#include <stdbool.h>

#include "conf/container.h"
#include "record.h"

enum instance_kind {
	INSTANCE_STOPPED,
	INSTANCE_STARTED,
	/* one half is there without the other, or cannot be used */
	INSTANCE_BROKEN,
};

struct instance {
	enum instance_kind kind;
	int nsfd; /* or a negative errno of nsfile_open */
	int record_status; /* 0, or a negative errno of record_read */
	struct record record; /* if record_status is 0; points into text */
	char text[RECORD_SIZE_MAX + 1];
};

/*
 * Looks at NAME in the directory MNTDIR. INSTANCE is large; it is released with
 * instance_release.
 */
void instance_look(int rundir, const char *name, struct instance *instance);

void instance_release(struct instance *instance);

/* OWN_... of a started container. */
unsigned int instance_own(const struct record *record);

/*
 * Fills the container from the record of INSTANCE, as it was started: only its
 * name, path, binds, copies, bins, own, allow, host and people. The caller
 * clears it. False: no memory.
 */
bool instance_container(const struct instance *instance, struct container *container);

/* Adds a copy of BIND to such a container. False: no memory. */
bool instance_add_bind(struct container *container, const struct bind *bind);

/* "stopped", "started" or "broken". */
const char *instance_kind_name(enum instance_kind kind);

#endif
