/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Changes that lsl create makes in a new root filesystem, before any user sees
 * it.
 */
#ifndef LSL_ROOTFS_PREPARE_H
#define LSL_ROOTFS_PREPARE_H

#include <stdbool.h>

#include "failure.h"

/*
 * Changes ROOTFS, a directory's fd: the directory itself becomes root's with
 * mode 0755, /dev becomes empty, a root without a password is locked, which
 * sets *HAS_LOCKED_ROOT, and rpm's configuration gets the host's directories.
 * Returns 0, or a negative errno and FAILURE.
 */
int rootfs_prepare(int rootfs, bool *has_locked_root, struct failure *failure);

#endif
