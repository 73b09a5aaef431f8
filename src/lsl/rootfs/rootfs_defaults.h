/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The default values for a container of a root filesystem: the directories of
 * its programs and their PATH, as its own login shells have them, and an
 * interpreter if its programs are for another machine.
 */
#ifndef LSL_ROOTFS_DEFAULTS_H
#define LSL_ROOTFS_DEFAULTS_H

#include "conf/container.h"
#include "failure.h"

/*
 * Fills bins, env_path and interpreter of CONTAINER, which has only a path,
 * from the files of the root filesystem. Returns 0, or a negative errno and
 * FAILURE. -ENOEXEC: it does not look like a root filesystem, or the
 * interpreter is not installed.
 */
int rootfs_defaults_find(struct container *container, struct failure *failure);

/* Whether PROGRAM is one of CONTAINER's. */
bool rootfs_has_program(const struct container *container, const char *program);

#endif
