/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Attributes that a process inherits from its caller and that a daemon must not
 * keep: otherwise it would have the descriptors, limits, priority, environment
 * and signals of some user for as long as it runs.
 */
#ifndef LSL_INHERITANCE_H
#define LSL_INHERITANCE_H

/*
 * For the beginning of main: opens closed descriptors 0 to 2 on /dev/null, and
 * closes all others. A negative errno.
 */
int inheritance_close(void);

/*
 * For the beginning of main: no descriptor that is opened later becomes 0, 1 or
 * 2. Those of them that are closed still cannot be read or written. A negative
 * errno.
 */
int inheritance_occupy(void);

/* Closes every descriptor but KEPT. */
void inheritance_close_but(int kept);

/* Closes every descriptor from 3 on but A and B. */
void inheritance_close_but_two(int a, int b);

/* Closes every descriptor from FIRST on. */
void inheritance_close_from(int first);

/* Opens the standard descriptors on /dev/null. */
void inheritance_detach(void);

/*
 * For the daemon, while it has all privileges of root: sets limits, priorities,
 * processors, umask, working directory, signals and environment. Those that
 * cannot be set stay. The environment is erased in memory, too.
 */
void inheritance_drop(void);

#endif
