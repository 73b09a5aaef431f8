/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The path of a descriptor, with which readlink(2) gives the path of the opened
 * file.
 */
#ifndef LSL_FDPATH_H
#define LSL_FDPATH_H

#define FDPATH_SIZE 32

/* Writes "/proc/self/fd/N", without stdio. */
void fdpath_write(int fd, char path[FDPATH_SIZE]);

#endif
