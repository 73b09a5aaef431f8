/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a container of a root filesystem is given where nobody says it: the
 * directories of its programs and their PATH, as its own login shells have
 * them, and an interpreter where its programs are for another machine.
 */
#ifndef LSL_ROOTFS_DEFAULTS_H
#define LSL_ROOTFS_DEFAULTS_H

#include "container.h"
#include "failure.h"

/*
 * Fills bins, env_path and interpreter of CONTAINER, which has a path and none
 * of these, by what is in the root filesystem. 0, or a negative errno and
 * FAILURE: -ENOEXEC where it does not look like one, or where the interpreter
 * is not installed.
 */
int rootfs_defaults_find(struct container *container, struct failure *failure);

/* Whether PROGRAM is one of CONTAINER's. */
bool rootfs_has_program(const struct container *container, const char *program);

#endif
