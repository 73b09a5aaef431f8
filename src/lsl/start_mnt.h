/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The elements of mnt of a starting and of a running container. */
#ifndef LSL_START_MNT_H
#define LSL_START_MNT_H

#include <stdbool.h>

#include "conf/container.h"

/*
 * Makes VIEW, a copy of CONTAINER with only those of the COUNT binds at BINDS
 * that can be mounted. The others are not in the record, so that a later start
 * adds them. False: no memory. The caller frees VIEW's binds.
 */
bool start_mnt_leave_out(const struct container *container, struct bind *const *binds, size_t count,
			 bool is_new, struct container *view);

/* Makes the changes of mnt that are possible at once, also in STARTED. */
int start_mnt_apply(const struct container *container, int nsfd, struct container *started);

#endif
