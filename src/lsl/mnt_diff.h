/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a changed mnt means for a container that runs: some elements can be
 * added to its namespace, others have to wait until that is built anew.
 */
#ifndef LSL_MNT_DIFF_H
#define LSL_MNT_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "container.h"
#include "record.h"

struct mnt_diff {
	/* of the container's binds, in their order: can be added */
	struct bind **added;
	size_t added_count;
	/* others were removed or changed, or would cover what is in use */
	bool needs_restart;
};

/*
 * Compares the binds of CONTAINER with those that RECORD has, which are mounted
 * in its order. An addition is such that afterwards the namespace looks as if
 * it had been built with CONTAINER's binds. -ENOMEM, or 0: then CHANGE is to be
 * cleared.
 */
int mnt_diff_find(const struct record *record, const struct container *container,
		  struct mnt_diff *change);

/*
 * The mnt of a record after BIND has been mounted: MNT with it at the end. To
 * be freed; NULL without memory.
 */
char *mnt_diff_append(const char *mnt, const struct bind *bind);

void mnt_diff_clear(struct mnt_diff *change);

#endif
