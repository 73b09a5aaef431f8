/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes and removes pins, the files that keep mount namespaces (nsfile.h). */
#ifndef LSL_NSPIN_H
#define LSL_NSPIN_H

#include <sys/types.h>

#include "nsfile.h"

/*
 * Pins the mount namespace of the process PID as NAME. The caller must not be
 * in that namespace, MNTDIR must be a private mount, and the namespace must be
 * the younger one (nsbuild.h); otherwise the kernel returns EINVAL. On failure
 * nothing is left.
 */
int nspin_make(int rundir, const char *name, pid_t pid);

/*
 * Removes the nsfile of NAME. The namespace stays as long as a process is in
 * it. Returns 0 also if there was no nsfile.
 */
int nspin_remove(int rundir, const char *name);

/* nsfile_identify for the mount namespace of this process. */
int nspin_identify_own(struct nsfile_id *id);

#endif
