/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What lsl create changes in a root filesystem that it has made, before anybody
 * sees it.
 */
#ifndef LSL_ROOTFS_PREPARE_H
#define LSL_ROOTFS_PREPARE_H

#include <stdbool.h>

#include "tool.h"

/*
 * Of ROOTFS, a directory's fd: the directory itself becomes root's with mode
 * 0755, /dev becomes empty, root is locked where it has no password, which
 * *HAS_LOCKED_ROOT says, and rpm is told which directories are the host's. 0,
 * or a negative errno and FAILURE.
 */
int rootfs_prepare(int rootfs, const struct tool_watch *watch, bool *has_locked_root,
		   struct failure *failure);

#endif
