/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An nsfile keeps a container's mount namespace alive without any process: it
 * is MNTDIR/NAME with the namespace's file of nsfs bound over it, see
 * namespaces(7) and mount_namespaces(7). To make one is to pin, to remove it
 * to unpin.
 */
#ifndef LSL_NSFILE_H
#define LSL_NSFILE_H

#include <sys/types.h>

/* Which namespace a file of nsfs is: no two that exist have the same numbers, namespaces(7). */
struct nsfile_id {
	dev_t dev;
	ino_t ino; /* 0: of none */
};

/*
 * Opens the nsfile of NAME, which must be valid, in the directory MNTDIR and
 * proves it: a file of nsfs, of a mount namespace, and one that our own user namespace owns
 * (setns(2) itself lets a privileged process into a namespace that an
 * unprivileged user built in a user namespace of theirs). If it is PROVED, which
 * may be NULL, then somebody who could be trusted has proved it before, and it need not be again.
 *
 * A close-on-exec fd. -ENOENT: no such file. -ENOTTY: there is a file, but no
 * namespace is pinned on it as seen from here: left by a killed start, or this process is in a
 * mount namespace of its own, where pins do not show. -EPERM: not ours.
 */
int nsfile_open(int rundir, const char *name, const struct nsfile_id *proved);

/* Which namespace NSFD, which nsfile_open gave, is. 0 or a negative errno. */
int nsfile_identify(int nsfd, struct nsfile_id *id);

/* Moves the calling thread into the mount namespace; its root and working directory become the namespace's root. */
int nsfile_enter(int nsfd);

#endif
