/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 *	force-call INSTEAD CALL PROGRAM [ARGUMENT...]
 *
 * Runs PROGRAM, and replaces the first system call INSTEAD that it or a child
 * makes under a seccomp filter by CALL, both by number, as an attacker inside
 * the program would. Ends when PROGRAM does, with 128 and the signal if one
 * killed it.
 */
#include "config.h"

#include <err.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static bool has_filter(pid_t pid)
{
	char path[64], line[256];
	bool found = false;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		found = found || strcmp(line, "Seccomp:\t2\n") == 0;
	if (file)
		fclose(file);
	return found;
}

/* At the entry of a call. True when it was changed. */
static bool change(pid_t pid, long instead, long call)
{
#ifdef __x86_64__
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, pid, 0, &regs) < 0 || (long)regs.orig_rax != instead ||
	    (long)regs.rax != -38 || !has_filter(pid))
		return false;
	regs.orig_rax = (unsigned long)call;
	return ptrace(PTRACE_SETREGS, pid, 0, &regs) == 0;
#else
	(void)has_filter;
	errx(77, "%d: %ld is not made %ld on this architecture", (int)pid, instead, call);
#endif
}

static int follow(pid_t program, long instead, long call)
{
	bool is_done = false;
	int status, sig;
	pid_t pid;

	for (;;) {
		pid = waitpid(-1, &status, __WALL);
		if (pid < 0)
			err(1, "waitpid");
		if (pid == program && WIFEXITED(status))
			return WEXITSTATUS(status);
		if (pid == program && WIFSIGNALED(status))
			return 128 + WTERMSIG(status);
		if (!WIFSTOPPED(status))
			continue;
		sig = WSTOPSIG(status);
		if (sig == (SIGTRAP | 0x80)) {
			is_done = is_done || change(pid, instead, call);
			sig = 0;
		} else if (sig == SIGTRAP || sig == SIGSTOP) {
			sig = 0;
		}
		ptrace(is_done ? PTRACE_CONT : PTRACE_SYSCALL, pid, 0, sig);
	}
}

int main(int argc, char **argv)
{
	int status;
	pid_t pid;

	if (argc < 4)
		errx(2, "usage: force-call INSTEAD CALL PROGRAM [ARGUMENT...]");
	pid = fork();
	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		execv(argv[3], argv + 3);
		err(127, "%s", argv[3]);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 ||
	    ptrace(PTRACE_SETOPTIONS, pid, 0,
		   PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			   PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL) < 0 ||
	    ptrace(PTRACE_SYSCALL, pid, 0, 0) < 0)
		err(1, "cannot follow %s", argv[3]);
	return follow(pid, atol(argv[1]), atol(argv[2]));
}
