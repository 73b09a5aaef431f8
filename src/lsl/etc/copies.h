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

#include "conf/container.h"
#include "etc/etcwork.h"
#include "files/rootfile.h"

/*
 * Updates the file at BIND's target from its source; takes the copy out if the
 * host has no such file. Returns 0; -EISDIR: the source is no regular file, so
 * it has to be mounted; -EROFS; or another negative errno, with the file
 * unchanged.
 */
int copies_apply(struct etcwork *work, const struct bind *bind);

/*
 * Puts WANTED at TARGET if the container has no file there. Returns 0 or a
 * negative errno.
 */
int copies_add(struct etcwork *work, const char *target, struct rootfile *wanted);

/*
 * Takes out the copy of ENTRY, an entry of the journal, and puts back the
 * container's own file. The caller removes the entry.
 */
int copies_take_out(struct etcwork *work, const struct journal_entry *entry);

#endif
