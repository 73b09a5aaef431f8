/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What ps(1), pkill(1) and killall(1) know this process by: its name and its
 * arguments. The daemon's processes have different ones, so that whoever kills one
 * of them by its name leaves the others, which bring it back.
 */
#ifndef LSL_TITLE_H
#define LSL_TITLE_H

/* As the mount helper is installed. */
#define TITLE_SERVER "mount.lslfs"
#define TITLE_KEEPER "lslfs-keeper"
#define TITLE_STANDBY "lslfs-standby"

/*
 * For main, before it looks at ARGV: what that points to is overwritten later.
 * Returns a copy for everybody's use, which lasts; NULL without memory.
 */
char **title_init(int argc, char *argv[]);

/*
 * The process is called NAME from now on, with the arguments that it was started with; those that
 * find no room behind a longer name are left out. Not for a process with threads.
 */
void title_set(const char *name);

#endif
