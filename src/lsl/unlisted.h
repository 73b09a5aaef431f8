/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A process that lists a directory holds its lock until the pages of its buffer
 * are there, and a file system of a user may never provide them. To make,
 * rename or mount something in the directory takes the same lock. So users
 * cannot list the directories in which lsl does that for all containers.
 */
#ifndef LSL_UNLISTED_H
#define LSL_UNLISTED_H

/*
 * Takes the permission to list the directory DIR, an fd, from everybody but its
 * owner. Returns 0 or a negative errno.
 */
int unlisted_make(int dir);

#endif
