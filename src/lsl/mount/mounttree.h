/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Detached mounts and where they are attached, open_tree(2), move_mount(2). */
#ifndef LSL_MOUNTTREE_H
#define LSL_MOUNTTREE_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>

#include "syscalls_more.h"

/* Returns a detached copy of FD's mount, from FD on. */
static inline int mounttree_clone(int fd, bool recursive)
{
	int tree = sys_open_tree(fd, "",
				 AT_EMPTY_PATH | LSL_OPEN_TREE_CLONE | O_CLOEXEC |
					 (recursive ? LSL_AT_RECURSIVE : 0));

	return tree < 0 ? -errno : tree;
}

static inline int mounttree_attach(int tree, int target)
{
	if (sys_move_mount(tree, "", target, "",
			   LSL_MOVE_MOUNT_F_EMPTY_PATH | LSL_MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return -errno;
	return 0;
}

#endif
