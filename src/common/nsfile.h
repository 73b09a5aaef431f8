/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An nsfile keeps a container's mount namespace alive without any process: it
 * is MNTDIR/NAME with the namespace's file of nsfs bound over it, see
 * namespaces(7) and mount_namespaces(7). To make one is to pin, to remove it
 * to unpin.
 */
#ifndef LSL_NSFILE_H
#define LSL_NSFILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Which namespace a file of nsfs is: no two that exist have the same numbers,
 * namespaces(7).
 */
struct nsfile_id {
	dev_t dev;
	ino_t ino; /* 0: of none */
	/*
	 * No other namespace ever has it. 0: the kernel (before 6.18) has none.
	 */
	uint64_t id;
};

/*
 * Opens the nsfile of NAME, which must be valid, in the directory MNTDIR and
 * proves it: a file of nsfs, of a mount namespace, and one that our own user
 * namespace owns (setns(2) itself lets a privileged process into a namespace
 * that an unprivileged user built in a user namespace of theirs). A namespace
 * with the numbers in PROVED, which may be NULL, is not proved again: lsl has
 * done that.
 *
 * A close-on-exec fd. -ENOENT: no such file. -ENOTTY: there is a file, but no
 * namespace is pinned on it as seen from here: a killed start left it, or this
 * process is in another mount namespace, which does not show the pins. -EPERM:
 * not ours.
 */
int nsfile_open(int rundir, const char *name, const struct nsfile_id *proved);

/*
 * Opens the namespace that PROVED is, wherever it is pinned: by a handle, which
 * the kernel makes out of PROVED's numbers. So it works in every mount
 * namespace, also where pins do not show. What is opened is that namespace or
 * an error. Privilege: CAP_SYS_ADMIN.
 *
 * A close-on-exec fd. -ENOENT: PROVED has no id. -EBADF: the kernel has no such
 * handles. -ESTALE: there is no such namespace any more. -EPERM: it is of
 * another user namespace, or the call is filtered.
 */
int nsfile_open_by_id(const struct nsfile_id *proved);

/*
 * Proves NSFD, an open file, as nsfile_open does. 0 or a negative errno;
 * -ENOTTY: it is no file of nsfs.
 */
int nsfile_prove(int nsfd);

/*
 * Whether NSFD, an open file of nsfs, is the namespace ID; never if that is of
 * none.
 */
bool nsfile_is(int nsfd, const struct nsfile_id *id);

/* Which namespace NSFD, which nsfile_open gave, is. 0 or a negative errno. */
int nsfile_identify(int nsfd, struct nsfile_id *id);

/*
 * Moves the calling thread into the mount namespace; its root and working
 * directory become the namespace's root.
 */
int nsfile_enter(int nsfd);

#endif
