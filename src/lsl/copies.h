/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files of the host below a container's /etc. Each is a regular file with the
 * content of the host's, kept fresh: no mount point, which a package manager
 * could not replace, and no symbolic link, by which it would reach the host's
 * own file.
 *
 * What the container had in its place is kept beside it, and put back. What
 * the container's programs put there themselves stays until the host's file
 * changes or the container is started again.
 */
#ifndef LSL_COPIES_H
#define LSL_COPIES_H

#include <stdbool.h>

#include "container.h"
#include "journal.h"
#include "rootfile.h"

struct copies {
	const char *container; /* its name, for messages */
	int root; /* the root filesystem */
	int etc; /* its /etc */
	/* what the container's programs put in place of a copy goes */
	bool is_start;
	struct journal *journal; /* is written while files change */
	void (*say)(const char *format, ...) __attribute__((format(printf, 1, 2)));
};

/*
 * Brings the file at BIND's target up to date with its source; takes the copy
 * out where the host has no such file. 0; -EISDIR: the source is no regular
 * file, so that it has to be mounted; -EROFS; another negative errno, with the
 * file as it was.
 */
int copies_apply(const struct copies *copies, const struct bind *bind);

/*
 * Puts WANTED at TARGET if the container has nothing there; what it has stays.
 * 0 or a negative errno.
 */
int copies_add(const struct copies *copies, const char *target, struct rootfile *wanted);

/*
 * Takes the copy out that ENTRY, of the journal, stands for, and puts back
 * what was there before. The entry stays; it is the caller's to remove.
 */
int copies_take_out(const struct copies *copies, const struct journal_entry *entry);

#endif
