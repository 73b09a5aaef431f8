/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How inroot_open (inroot.h) goes where the kernel has no openat2(2) for it:
 * component by component, following no link but by itself.
 */
#ifndef LSL_INROOT_WALK_H
#define LSL_INROOT_WALK_H

#include <stdbool.h>

/* As inroot_open. SAME_MOUNT: -EXDEV where it would leave ROOT's mount. */
int inroot_walk(int root, const char *path, int flags, bool same_mount);

#endif
