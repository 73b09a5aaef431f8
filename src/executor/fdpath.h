/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LSL_FDPATH_H
#define LSL_FDPATH_H

#include <limits.h>
#include <stdbool.h>

/*
 * Reads the path of the opened file FD, which may be -1, into PATH, and closes
 * FD. False: there is none.
 */
bool fdpath_take(int fd, char path[PATH_MAX]);

#endif
