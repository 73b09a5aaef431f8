/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pins: the files by which mount namespaces live on (nsfile.h), made and
 * removed.
 */
#ifndef LSL_NSPIN_H
#define LSL_NSPIN_H

#include <sys/types.h>

/*
 * Pins the mount namespace of the process PID as NAME. The caller must not be
 * in that namespace, MNTDIR must be a private mount, and the namespace must be
 * the younger one (nsbuild.h); otherwise the kernel says EINVAL. On failure
 * nothing is left.
 */
int nspin_make(int rundir, const char *name, pid_t pid);

/*
 * Removes the nsfile of NAME. The namespace lives on as long as a process is
 * in it. 0 also when there was nothing.
 */
int nspin_remove(int rundir, const char *name);

#endif
