/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether the file systems that a container needs answer at all. A file system
 * of a network that is gone, or of a user's process that hangs, blocks each
 * process that looks at it, and a blocked process cannot even be killed.
 */
#ifndef LSL_ANSWERS_H
#define LSL_ANSWERS_H

#include <stdbool.h>

#include "container.h"

/*
 * A child process looks, for two seconds at most, at the root file system of
 * CONTAINER, at its bins and at what its mnt names. False where one of them
 * does not answer; it need not be there.
 */
bool answers_in_time(const struct container *container);

#endif
