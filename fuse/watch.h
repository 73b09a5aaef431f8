/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Watches on the bins of the started containers, inotify(7). The kernel queues
 * an event within the system call that causes it, so after the queue is read
 * until it is empty every change so far is known.
 *
 * inotify does not report a symbolic link in bins whose target changes
 * elsewhere, changes by other hosts of a network file system, and changes of an
 * overlay's layers. These are found when kept entries and listings are too old
 * (policy.h). It does not report changes of the path to a directory either (a
 * link that leads elsewhere, a mount above it); watch_look finds these.
 */
#ifndef LSL_WATCH_H
#define LSL_WATCH_H

#include <stdbool.h>

struct cmdset;

/*
 * Returns a descriptor that is readable when there are events to drain, or a
 * negative errno.
 */
int watch_open(void);

/*
 * Reads all events so far and marks the command sets that have changed. Returns
 * whether a name that the kernel still keeps may have been removed.
 */
bool watch_drain(void);

/*
 * For the worker of CMDSET: watches its bins, and marks it as changed if a bin
 * is another file than before.
 */
void watch_look(struct cmdset *cmdset);

/* The bins of CMDSET are not watched any more. */
void watch_forget(struct cmdset *cmdset);

#endif
