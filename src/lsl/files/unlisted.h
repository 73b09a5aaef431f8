/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A process that lists a directory holds its lock until the pages of its buffer
 * are available, and a user's file system may never provide them. Making,
 * renaming or mounting something in the directory takes the same lock, and so
 * does changing its mode. While one process waits for it, all processes wait
 * that look up a name in the directory for the first time. So users cannot list
 * the directories in which lsl does that for all containers.
 *
 * On ext4 and xfs, for example, a process that reads a file with O_DIRECT holds
 * the file's lock in the same way. To rename or remove the file takes that lock
 * too, after the directory's. So users cannot read the files that lsl replaces
 * there.
 */
#ifndef LSL_UNLISTED_H
#define LSL_UNLISTED_H

/*
 * Removes the permission to list the directory DIR, an fd, for everybody but
 * its owner. Returns 0 or a negative errno; -ETIMEDOUT: somebody holds its
 * lock.
 */
int unlisted_make(int dir);

#endif
