/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The processes that live in a mount namespace, found by the namespace itself
 * and nothing else; proc_pid_ns(5). Needs CAP_SYS_PTRACE to see other users'
 * processes.
 */
#ifndef LSL_PROCESSES_H
#define LSL_PROCESSES_H

#include <sys/types.h>
#include <time.h>

#include "nsfile.h"

struct process {
	pid_t pid;
	uid_t uid; /* the real one */
	time_t started;
	/* its arguments, cut; as they are: print them as visible.h says */
	char command[4096];
};

/*
 * Calls VISIT for each process that is in one of the COUNT namespaces IDS, with
 * the number of that from 0 on. Returns the first value other than 0 that VISIT
 * returned, or a negative errno.
 */
int processes_visit(const struct nsfile_id *ids, size_t count,
		    int (*visit)(const struct process *process, size_t ns, void *arg), void *arg);

/*
 * Ends them, and what they start meanwhile: SIGTERM to each, and after GRACE_MS
 * milliseconds SIGKILL for as long again. Signals go through pidfds, so that no
 * other process that got the same number is meant. 0 when a last look found
 * nothing in the namespace, PROCESSES_LEFT when something was left, or a
 * negative errno.
 */
#define PROCESSES_LEFT 1
int processes_kill(int nsfd, int grace_ms);

#endif
