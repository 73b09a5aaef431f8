/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files of the host below a container's /etc. Each is a regular file with the
 * content of the host's file, kept up to date. It is no mount point, because a
 * package manager could not replace that, and no symbolic link, because a
 * package manager would reach the host's file by it.
 *
 * The container's own file is kept beside it, and put back at the stop. A file
 * that the container's programs put there stays until the host's file changes
 * or the container is started again.
 */
#ifndef LSL_COPIES_H
#define LSL_COPIES_H

#include <stdbool.h>

#include "conf/container.h"
#include "etc/journal.h"
#include "files/rootfile.h"

struct copies {
	const char *container; /* its name, for messages */
	int root; /* the root filesystem */
	int etc; /* its /etc */
	/* remove files that the container's programs put in place of a copy */
	bool is_start;
	struct journal *journal; /* is written while files change */
	void (*say)(const char *format, ...) __attribute__((format(printf, 1, 2)));
};

/*
 * Updates the file at BIND's target from its source; takes the copy out if the
 * host has no such file. Returns 0; -EISDIR: the source is no regular file, so
 * it has to be mounted; -EROFS; or another negative errno, with the file
 * unchanged.
 */
int copies_apply(const struct copies *copies, const struct bind *bind);

/*
 * Puts WANTED at TARGET if the container has no file there. Returns 0 or a
 * negative errno.
 */
int copies_add(const struct copies *copies, const char *target, struct rootfile *wanted);

/*
 * Takes out the copy of ENTRY, an entry of the journal, and puts back the
 * container's own file. The caller removes the entry.
 */
int copies_take_out(const struct copies *copies, const struct journal_entry *entry);

#endif
