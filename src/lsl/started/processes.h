/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The processes of containers (homes.h). Needs CAP_SYS_PTRACE to see other
 * users' processes.
 */
#ifndef LSL_PROCESSES_H
#define LSL_PROCESSES_H

#include <sys/types.h>
#include <time.h>

#include "started/homes.h"

struct process {
	pid_t pid;
	uid_t uid; /* the real one */
	time_t started;
	/* its arguments, cut; unfiltered: print them with visible.h */
	char command[4096];
};

/*
 * Calls VISIT for each process of one of HOMES. Returns the first value other
 * than 0 that VISIT returned, or a negative errno.
 */
int processes_visit(struct homes *homes,
		    int (*visit)(const struct process *process, const struct home *home, void *arg),
		    void *arg);

/*
 * Ends the processes of the container NAME, and those that they start
 * meanwhile: sends SIGTERM to each, and after GRACE_MS milliseconds SIGKILL for
 * as long again. Signals go through pidfds, so that they reach no other process
 * with the same number. Returns 0 if a last look found no process,
 * PROCESSES_LEFT if it found one, or a negative errno.
 */
#define PROCESSES_LEFT 1
int processes_kill(struct homes *homes, const char *name, int grace_ms);

#endif
