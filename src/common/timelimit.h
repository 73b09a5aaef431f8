/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Limits the time of a look at files that somebody else may block: a file
 * system whose daemon does not answer, a directory whose lock a user holds.
 */
#ifndef LSL_TIMELIMIT_H
#define LSL_TIMELIMIT_H

/*
 * Calls LOOK with ARG in a child process, and returns what LOOK returns,
 * -ETIMEDOUT if that takes longer than LIMIT_MS milliseconds, or another
 * negative errno. A child that is blocked in the kernel ends later.
 */
long timelimit_run(long (*look)(const void *arg), const void *arg, int limit_ms);

#endif
