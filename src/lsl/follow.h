/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Waits until something changes that a refresh brings into containers: one of
 * the host's files that they have copies of, one of the host's account files,
 * or which containers are started.
 */
#ifndef LSL_FOLLOW_H
#define LSL_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>

/* What is watched: directories, and names in them. */
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
 * Watches the file at PATH, absolute, wherever symbolic links lead: each name
 * on the way that is a link as well. It need not be there; then the directory
 * that it would be in is watched, or the one above. 0 or a negative errno.
 */
int follow_add(struct follow *follow, const char *path);

/*
 * Watches every name in DIRECTORY that ends with SUFFIX. 0 or a negative errno.
 */
int follow_add_suffix(struct follow *follow, const char *directory, const char *suffix);

/* Waits for a change of one of them. 0 or a negative errno. */
int follow_wait(const struct follow *follow);

void follow_end(struct follow *follow);

#endif
