/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An nsfile keeps a container's mount namespace alive without any process: it
 * is MNTDIR/NAME with the namespace's file of nsfs bound over it, see
 * namespaces(7) and mount_namespaces(7). To make one is to pin; to remove it is
 * to unpin.
 */
#ifndef LSL_NSFILE_H
#define LSL_NSFILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Identifies a namespace by its file on nsfs: no two existing namespaces have
 * the same numbers, namespaces(7).
 */
struct nsfile_id {
	dev_t dev;
	ino_t ino; /* 0: no namespace */
	/* Unique for ever. 0: the kernel (before 6.18) has no such ids. */
	uint64_t id;
};

/*
 * Opens the nsfile of NAME, which must be valid, in the directory MNTDIR, and
 * proves that it is a file of nsfs, of a mount namespace, which our own user
 * namespace owns. (setns(2) itself lets a privileged process into a namespace
 * that an unprivileged user made in another user namespace.) A namespace with
 * the numbers in PROVED, which may be NULL, is not proved again: lsl has done
 * that.
 *
 * Returns a close-on-exec fd. -ENOENT: no such file. -ENOTTY: the file exists,
 * but no namespace is visible on it: a killed start left it, or this process is
 * in another mount namespace, which does not have the pins. -EPERM: another
 * user namespace owns it.
 */
int nsfile_open(int rundir, const char *name, const struct nsfile_id *proved);

/*
 * Opens the namespace that PROVED identifies, wherever it is pinned, by a file
 * handle with PROVED's numbers. So it works in every mount namespace, also in
 * those without the pins. It opens exactly that namespace or fails. Privilege:
 * CAP_SYS_ADMIN.
 *
 * Returns a close-on-exec fd. -ENOENT: PROVED has no id. -EBADF: the kernel has
 * no such handles. -ESTALE: the namespace no longer exists. -EPERM: another
 * user namespace owns it, or the call is filtered.
 */
int nsfile_open_by_id(const struct nsfile_id *proved);

/*
 * Proves NSFD, an open file, as nsfile_open does. Returns 0 or a negative
 * errno; -ENOTTY: it is not a file of nsfs.
 */
int nsfile_prove(int nsfd);

/*
 * Whether NSFD, an open file of nsfs, is the namespace ID; false if ID is no
 * namespace.
 */
bool nsfile_is(int nsfd, const struct nsfile_id *id);

/*
 * Moves the calling thread into the mount namespace; its root and working
 * directory become the namespace's root.
 */
int nsfile_enter(int nsfd);

#endif
