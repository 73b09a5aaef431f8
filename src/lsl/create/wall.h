/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A second wall around the tools that read what others have made (tool.h): if
 * an archive misleads one, the kernel does not let it write elsewhere. Landlock
 * (landlock(7)) asks for no privilege, and stays when a program is executed.
 *
 * It does not cover owners, modes, times and extended attributes, descriptors
 * that are already open, and reading.
 */
#ifndef LSL_WALL_H
#define LSL_WALL_H

#include <stdbool.h>

/*
 * Whether the kernel has it: since Linux 5.19, unless it was built or started
 * without Landlock.
 */
bool wall_is_there(void);

/*
 * From now on this process, which needs no_new_privs, and the programs that it
 * executes make, write, rename, link and remove files only in the working
 * directory and below it; with HAS_DIRECTORY false, nowhere. /dev/null stays
 * writable. Other attempts fail with EACCES, links and renames across the wall
 * with EXDEV. Does nothing if the wall is not there. Returns 0, or -1 and
 * errno.
 */
int wall_build(bool has_directory);

#endif
