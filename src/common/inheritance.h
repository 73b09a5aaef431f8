/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a process inherits from its caller, and a daemon must not keep:
 * somebody's descriptors, limits, priority, environment and signals would be
 * the daemon's for as long as it runs.
 */
#ifndef LSL_INHERITANCE_H
#define LSL_INHERITANCE_H

/*
 * For the beginning of main: opens descriptors 0 to 2 on /dev/null where they
 * are closed, and closes all others. A negative errno.
 */
int inheritance_close(void);

/* Closes every descriptor but KEPT. */
void inheritance_close_but(int kept);

/* Closes every descriptor from FIRST on. */
void inheritance_close_from(int first);

/* Standard descriptors lead to /dev/null from now on. */
void inheritance_detach(void);

/*
 * For the daemon, while it has all privileges of root: limits, priorities,
 * processors, umask, working directory, signals and environment are set anew.
 * What cannot be set is left as it is. The environment is erased in memory,
 * too.
 */
void inheritance_drop(void);

#endif
