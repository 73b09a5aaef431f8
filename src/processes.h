/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The processes that live in a mount namespace, found by the namespace itself and nothing
 * else; proc_pid_ns(5). Needs CAP_SYS_PTRACE to see other users' processes.
 */
#ifndef LSL_PROCESSES_H
#define LSL_PROCESSES_H

#include <sys/types.h>

struct process {
	pid_t pid;
	char command[80]; /* its arguments, cut; control characters as '?' */
};

/*
 * Calls VISIT for each process whose mount namespace is NSFD's. Returns the
 * first value other than 0 that VISIT returned, or a negative errno.
 */
int processes_visit(int nsfd, int (*visit)(const struct process *process, void *arg), void *arg);

/*
 * Ends them: SIGTERM, and after GRACE_MS milliseconds SIGKILL for those still
 * there. Signals go through pidfds, so that no other process that got the same number is meant.
 * Returns the number that were there, or a negative errno.
 */
int processes_kill(int nsfd, int grace_ms);

#endif
