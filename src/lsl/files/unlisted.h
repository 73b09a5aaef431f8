/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A process that lists a directory holds its lock until the pages of its buffer
 * are available, and a user's file system may never provide them. Making,
 * renaming or mounting something in the directory takes the same lock. So users
 * cannot list the directories in which lsl does that for all containers.
 */
#ifndef LSL_UNLISTED_H
#define LSL_UNLISTED_H

/*
 * Removes the permission to list the directory DIR, an fd, for everybody but
 * its owner. Returns 0 or a negative errno.
 */
int unlisted_make(int dir);

#endif
