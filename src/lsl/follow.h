/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Waits for a change that needs a refresh: of a file of the host with copies in
 * containers, of an account file of the host, or of the set of started
 * containers.
 */
#ifndef LSL_FOLLOW_H
#define LSL_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>

/* The watched directories, and names in them. */
struct follow {
	int inotify;
	struct follow_name {
		int watch;
		char *name; /* or the end of one */
		bool is_suffix;
	} * names;
	size_t count;
};

/*
 * Begins to watch. Changes count from here on, so look at the files afterwards.
 */
int follow_begin(struct follow *follow);

/*
 * Watches the file at PATH, absolute, through symbolic links, and each link
 * that leads to it. If the file is missing, its directory is watched, or the
 * nearest one above. Returns 0 or a negative errno.
 */
int follow_add(struct follow *follow, const char *path);

/*
 * Watches every name in DIRECTORY that ends with SUFFIX. 0 or a negative errno.
 */
int follow_add_suffix(struct follow *follow, const char *directory, const char *suffix);

/*
 * Waits for a change of one of them, at most TIMEOUT_MS milliseconds; negative:
 * for ever. 0, also when that time is over, or a negative errno.
 */
int follow_wait(const struct follow *follow, int timeout_ms);

void follow_end(struct follow *follow);

#endif
