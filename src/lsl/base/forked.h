/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A process that lsl forks before it gives up its privileges and loads its
 * system call filter. It does the work that lsl may no longer do. A socket
 * connects the two; the process reads its end of file when lsl closes the
 * socket or dies.
 */
#ifndef LSL_FORKED_H
#define LSL_FORKED_H

#include <stddef.h>
#include <sys/types.h>

struct forked {
	pid_t pid;
	int socket;
};

/*
 * The function of the process. SOCKET is its end of the socket, PARENT is lsl.
 */
typedef void forked_run(int socket, pid_t parent, void *arg);

/*
 * Forks it; TYPE is socket(2)'s, for AF_UNIX. It calls RUN with ARG and
 * ends when that returns. 0 or a negative errno.
 */
int forked_start(struct forked *forked, int type, forked_run *run, void *arg);

/*
 * Called in the process: the kernel sends it SIGTERM when PARENT dies. A
 * negative errno.
 */
int forked_die_with(pid_t parent);

/*
 * Closes the socket and waits for the process. 0; -EIO: it has failed or was
 * killed.
 */
int forked_end(struct forked *forked);

/*
 * Runs LOOK with ARG in a child process, because a process cannot return from a
 * namespace or from other credentials. Reads at most SIZE bytes that LOOK
 * writes to RESULTS, and returns their number, or a negative errno.
 */
ssize_t forked_ask(void (*look)(int results, const void *arg), const void *arg, void *answer,
		   size_t size);

#endif
