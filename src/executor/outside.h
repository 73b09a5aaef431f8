/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way out of a mount namespace in which no container is pinned. The kernel
 * leaves pins out when it copies a mount namespace: for a unit with
 * PrivateTmp=, by unshare -m, by ip netns exec. Since Linux 6.18 a namespace is
 * opened by its id from anywhere (nsfile.h). Before, there is this way, for
 * root.
 */
#ifndef LSL_OUTSIDE_H
#define LSL_OUTSIDE_H

#include "creds.h"

/*
 * Opens the mount namespace of process 1. That is the one that lsl start pins
 * containers in, and no other process ever has this id. The namespace is proved
 * as nsfile_open does; what /proc is, too. The caller is real root.
 *
 * A close-on-exec fd or a negative errno; -ENOTTY: /proc is no file system of
 * processes. -EACCES or -EPERM: root has no CAP_SYS_PTRACE.
 */
int outside_open(const struct creds *creds);

#endif
