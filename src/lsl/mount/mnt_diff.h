/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Changes of mnt in a started container: some elements can be added to its
 * namespace, others have to wait until that is built anew.
 */
#ifndef LSL_MNT_DIFF_H
#define LSL_MNT_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/container.h"

struct mnt_diff {
	/* of the container's binds, in their order: can be added */
	struct bind *added;
	size_t added_count;
	/* others were removed or changed, or would cover a place in use */
	bool needs_restart;
};

/*
 * Compares the binds of CONTAINER with those of STARTED, which are mounted in
 * their order. After an addition the namespace looks as if it had been built
 * with CONTAINER's binds. Returns 0 or -ENOMEM; the caller frees the array of
 * CHANGE, but not what its elements point to.
 */
int mnt_diff_find(const struct container *started, const struct container *container,
		  struct mnt_diff *change);

#endif
