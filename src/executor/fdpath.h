/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The path of a descriptor, by which readlink(2) says what was opened.
 */
#ifndef LSL_FDPATH_H
#define LSL_FDPATH_H

#define FDPATH_SIZE 32

/* Writes "/proc/self/fd/N", without stdio. */
void fdpath_write(int fd, char path[FDPATH_SIZE]);

#endif
