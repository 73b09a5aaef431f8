/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LSL_START_ONE_H
#define LSL_START_ONE_H

#include "conf/container.h"
#include "etc/rootwriter.h"

/*
 * Starts CONTAINER, or updates it if it is started. MNTDIR is open and locked.
 * Returns 0, or a negative errno after a message.
 */
int start_one(int rundir, const struct rootwriter *writer, const struct container *container);

#endif
