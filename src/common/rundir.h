/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MNTDIR, the directory with the nsfile and the record of each started
 * container. While a container is started, it is a private bind mount of
 * itself, because the kernel binds a file of nsfs only onto a private mount.
 */
#ifndef LSL_RUNDIR_H
#define LSL_RUNDIR_H

#include "pathnames.h"
#include "safepath.h"

/*
 * Opens MNTDIR, which must be a safe path (safepath.h). Returns an O_PATH,
 * close-on-exec fd or a negative errno; -ENOENT: no container was ever started.
 */
static inline int rundir_open(void)
{
	return safepath_open_dir(PATH_MNTDIR);
}

#endif
