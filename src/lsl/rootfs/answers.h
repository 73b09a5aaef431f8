/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether the file systems that a container needs answer. A network file system
 * without its server, or a FUSE file system whose process hangs, blocks each
 * process that looks at it, and a blocked process cannot even be killed.
 */
#ifndef LSL_ANSWERS_H
#define LSL_ANSWERS_H

#include <stdbool.h>

#include "conf/container.h"

/*
 * A child process looks, for two seconds at most, at the root filesystem of
 * CONTAINER, at its bins and at the sources of its mnt. False: one of them does
 * not answer. A missing file is no failure.
 */
bool answers_in_time(const struct container *container);

#endif
