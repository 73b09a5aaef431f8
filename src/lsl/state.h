/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What MNTDIR holds of a container: its pinned namespace and its record, of which a whole
 * one has both.
 */
#ifndef LSL_STATE_H
#define LSL_STATE_H

#include <stdbool.h>

#include "container.h"
#include "record.h"

enum state_kind {
	STATE_STOPPED,
	STATE_STARTED,
	STATE_BROKEN, /* one half is there without the other, or cannot be used */
};

struct state {
	enum state_kind kind;
	int nsfd; /* or a negative errno of nsfile_open */
	int record_status; /* 0, or a negative errno of record_read */
	struct record record; /* where record_status is 0; leads into text */
	char text[RECORD_SIZE_MAX + 1];
};

/* Looks at NAME in the directory MNTDIR. STATE is large; it is released with state_release. */
void state_look(int mntdir, const char *name, struct state *state);

void state_release(struct state *state);

/*
 * The container as it was started, of the record of STATE: its name, path, binds, copies and bins, and nothing else.
 * To be cleared. False without memory.
 */
bool state_container(const struct state *state, struct container *container);

/* "stopped", "started" or "broken". */
const char *state_name(enum state_kind kind);

#endif
