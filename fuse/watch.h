/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Watches on the bins of the started containers, inotify(7). The kernel queues
 * an event within the system call that causes it, so to read the queue until it
 * is empty is to know of every change so far.
 *
 * inotify does not tell: a symbolic link in bins whose target changes
 * elsewhere, changes by other hosts of a network file system, changes of an
 * overlay's layers. Those are seen when what was kept is too old (policy.h). It
 * does not tell either what becomes of the way to a directory (a link that
 * leads elsewhere, a mount above it); watch_look sees that.
 */
#ifndef LSL_WATCH_H
#define LSL_WATCH_H

#include <stdbool.h>

struct cmdset;

/*
 * A descriptor that is readable when there is something to drain, or a negative
 * errno.
 */
int watch_open(void);

/*
 * Notes all changes that have happened before, in the command sets that they
 * are about. Whether a name may have gone, which the kernel still knows.
 */
bool watch_drain(void);

/*
 * For the worker of INSTANCE: compares its bins with those that are watched,
 * watches what is new, and notes a change where one is not what it was.
 */
void watch_look(struct cmdset *cmdset);

/* INSTANCE is stopped: its bins are not watched any more. */
void watch_forget(struct cmdset *cmdset);

#endif
