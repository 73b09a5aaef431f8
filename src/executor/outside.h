/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Leaves a mount namespace that does not have the pins. The kernel omits pins
 * when it copies a mount namespace: for a unit with PrivateTmp=, for unshare
 * -m, for ip netns exec. Since Linux 6.18 a namespace can be opened by its id
 * from anywhere (nsfile.h). Before, root uses this module.
 */
#ifndef LSL_OUTSIDE_H
#define LSL_OUTSIDE_H

#include "creds.h"

/*
 * Opens the mount namespace of process 1, in which lsl start pins containers.
 * No other process ever has this id. Proves the namespace as nsfile_open does,
 * and that /proc is real. The caller is real root.
 *
 * Returns a close-on-exec fd or a negative errno; -ENOTTY: /proc is not a file
 * system of processes. -EACCES or -EPERM: root has no CAP_SYS_PTRACE.
 */
int outside_open(const struct creds *creds);

#endif
