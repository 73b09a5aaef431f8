/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Limits the time of a look at files that somebody else may block: a file
 * system whose daemon does not answer, a directory whose lock a user holds.
 */
#ifndef LSL_TIMELIMIT_H
#define LSL_TIMELIMIT_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Calls LOOK with ARG in a child process, and returns what LOOK returns,
 * -ETIMEDOUT if that takes longer than LIMIT_MS milliseconds, or another
 * negative errno. A child that is blocked in the kernel ends later.
 */
long timelimit_run(long (*look)(const void *arg), const void *arg, int limit_ms);

/*
 * The same for more than a number: LOOK fills ANSWER, SIZE bytes, at most
 * PIPE_BUF. If KEPT is not negative, the child has this descriptor, and 0 to 2;
 * otherwise it has none. Returns 0 or a negative errno; then ANSWER has no
 * meaning.
 */
int timelimit_ask(void (*look)(void *answer, const void *arg), const void *arg, int kept,
		  void *answer, size_t size, int limit_ms);

/* How many milliseconds a file system may take to answer one question. */
#define TIMELIMIT_ANSWER_MS 2000

struct stat;

/* As stat(2), but returns 0 or a negative errno; see timelimit_run. */
int timelimit_stat(const char *path, struct stat *st, int limit_ms);

/*
 * Waits until the pipe or socket FD can be read, or is at its end. Returns 0,
 * -ETIMEDOUT after LIMIT_MS milliseconds, or another negative errno.
 */
int timelimit_wait(int fd, int limit_ms);

/*
 * Kills the child PID, which may be blocked in the kernel: it ends later, and
 * is not waited for.
 */
void timelimit_give_up(pid_t pid);

#endif
