/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The processes in a mount namespace, found only by the namespace itself;
 * proc_pid_ns(5). Needs CAP_SYS_PTRACE to see other users' processes.
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
	/* its arguments, cut; unfiltered: print them with visible.h */
	char command[4096];
};

/*
 * Calls VISIT for each process that is in one of the COUNT namespaces IDS, with
 * the index of the namespace. Returns the first value other than 0 that VISIT
 * returned, or a negative errno.
 */
int processes_visit(const struct nsfile_id *ids, size_t count,
		    int (*visit)(const struct process *process, size_t ns, void *arg), void *arg);

/*
 * Ends them, and processes that they start meanwhile: sends SIGTERM to each,
 * and after GRACE_MS milliseconds SIGKILL for as long again. Signals go through
 * pidfds, so that they reach no other process with the same number. Returns 0
 * if a last look found no process in the namespace, PROCESSES_LEFT if it found
 * one, or a negative errno.
 */
#define PROCESSES_LEFT 1
int processes_kill(int nsfd, int grace_ms);

#endif
