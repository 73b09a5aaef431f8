/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The elements of mnt of a starting and of a running container. */
#ifndef LSL_START_MNT_H
#define LSL_START_MNT_H

#include <stdbool.h>

#include "conf/container.h"

/*
 * Removes those of CONTAINER's COUNT BINDS that cannot be mounted, and returns
 * the number of the others. They are not in the record, so that a later start
 * adds them. IS_NEW: the root filesystem has no mounts yet.
 */
size_t start_mnt_leave_out(const struct container *container, struct bind *binds, size_t count,
			   bool is_new);

/* Makes the changes of mnt that are possible at once, also in STARTED. */
int start_mnt_apply(const struct container *container, int nsfd, struct container *started);

#endif
