/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The elements of mnt are of two kinds: files of the host below /etc, which
 * become files of the root filesystem (hostfiles.h), and all others, which are
 * mounted. The kind depends on the files of the host and of the root
 * filesystem.
 */
#ifndef LSL_MNTSPLIT_H
#define LSL_MNTSPLIT_H

#include <stdbool.h>

#include "conf/container.h"
#include "etc/rootwriter.h"

/*
 * Updates the files of CONTAINER's root filesystem, at a start or else at a
 * refresh, and says what failed. *VIEW is CONTAINER with the elements to mount
 * in binds, and the others in copies; mntsplit_clear frees it, before CONTAINER
 * is freed. If the root filesystem is read-only, elements whose copy could not
 * be made are in binds. Returns 0 or a negative errno.
 */
int mntsplit_apply(const struct rootwriter *writer, const struct container *container,
		   bool is_start, struct container *view);

void mntsplit_clear(struct container *view);

/*
 * Whether another started container than NAME, in MNTDIR, has its root
 * filesystem at PATH too: then its files stay when NAME is stopped.
 */
bool mntsplit_is_shared(int rundir, const char *name, const char *path);

#endif
