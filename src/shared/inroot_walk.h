/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * inroot_open (inroot.h) without openat2(2): component by component. It reads
 * and follows each link itself; the kernel follows none.
 */
#ifndef LSL_INROOT_WALK_H
#define LSL_INROOT_WALK_H

#include <stdbool.h>

/* As inroot_open. SAME_MOUNT: -EXDEV if it would leave ROOT's mount. */
int inroot_walk(int root, const char *path, int flags, bool same_mount);

#endif
