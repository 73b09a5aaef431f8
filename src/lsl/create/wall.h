/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A second wall around the tools that read what others have made (tool.h): if
 * an archive misleads one, the kernel does not let it change anything
 * elsewhere. It has two halves. Landlock (landlock(7)) allows each tool its own
 * directory, but knows neither owners, modes, times nor extended attributes.
 * Read-only mounts keep these, and everything else outside of lsl's own
 * directories, even on a kernel without Landlock.
 *
 * The wall does not cover descriptors that are already open, devices that the
 * tool may open without Landlock, and reading.
 */
#ifndef LSL_WALL_H
#define LSL_WALL_H

#include <stdbool.h>

/*
 * Takes this process, and its children, into a mount namespace of its own in
 * which only STATEDIR and CACHEDIR, as far as they exist, are writable. Needs
 * CAP_SYS_ADMIN; without it, or before Linux 5.12, it changes nothing. Returns
 * 0, or -1: these directories are read-only too.
 */
int wall_mount(void);

/*
 * Whether the kernel has Landlock: since Linux 5.19, unless it was built or
 * started without.
 */
bool wall_has_landlock(void);

/*
 * From now on this process, which needs no_new_privs, and the programs that it
 * executes make, write, rename, link and remove files only in the working
 * directory and below it; with HAS_DIRECTORY false, nowhere. /dev/null stays
 * writable. Other attempts fail with EACCES, links and renames across the wall
 * with EXDEV. Does nothing without Landlock. Returns 0, or -1 and errno.
 */
int wall_landlock(bool has_directory);

#endif
