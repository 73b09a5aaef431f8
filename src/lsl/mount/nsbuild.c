/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mount/nsbuild.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inheritance.h"
#include "mount/mountns.h"
#include "mount/nspin.h"
#include "timelimit.h"
#include "base/debug.h"
#include "base/wholeio.h"

/*
 * mount(2) takes the lock of the directory on which it mounts. A user who can
 * read the directory can hold that lock, for as long as a file system of the
 * user's does not answer. So a process that mounts nothing for so long, in
 * milliseconds, is given up.
 */
#define PATIENCE_MS 20000

/* Each CPU takes namespace ids from a batch of this size, kernel/nstree.c. */
#define ID_BATCH 4096

static int give_up(pid_t pid, struct failure *failure)
{
	timelimit_give_up(pid);
	return failure_say(
		failure, ETIMEDOUT,
		"a directory on which it is mounted does not answer (a process may hold it: lsl-problems(7))");
}

/* 0 if the kernel has no ids; then the order is always right. */
static uint64_t mountns_id(void)
{
	struct nsfile_id id;

	return nspin_identify_own(&id) < 0 ? 0 : id.id;
}

/* Moves to the next CPU that this process may use. */
static void next_cpu(const cpu_set_t *allowed, int *cpu)
{
	cpu_set_t one;
	int i;

	for (i = 1; i <= CPU_SETSIZE; i++) {
		if (!CPU_ISSET((*cpu + i) % CPU_SETSIZE, allowed))
			continue;
		*cpu = (*cpu + i) % CPU_SETSIZE;
		CPU_ZERO(&one);
		CPU_SET(*cpu, &one);
		/* If that fails, further tries use up this CPU's batch. */
		if (sched_setaffinity(0, sizeof(one), &one) < 0)
			debug("cannot move to CPU %d: %s", *cpu, strerror(errno));
		return;
	}
}

/*
 * Only a younger namespace can be pinned, so that namespaces cannot keep each
 * other alive in a circle; and since Linux 6.18 younger means "of greater id",
 * while ids come from batches of each CPU. If our own namespace is not the one
 * of the boot, the first try may get a smaller id. Then another CPU's batch is
 * tried; our own id is from one of them.
 */
static int unshare_younger(void)
{
	uint64_t own = mountns_id();
	cpu_set_t allowed;
	int cpu = -1, tries;

	if (sched_getaffinity(0, sizeof(allowed), &allowed) < 0)
		return -errno;
	for (tries = 0; tries < 2 * ID_BATCH; tries++) {
		if (unshare(CLONE_NEWNS) < 0)
			return -errno;
		if (!own || mountns_id() > own)
			return 0;
		debug("the new namespace's id is too small, once more on another CPU");
		next_cpu(&allowed, &cpu);
	}
	return -EAGAIN;
}

static int build_here(const struct container *container, struct failure *failure)
{
	int status = unshare_younger();

	if (status < 0)
		return failure_set(failure, status, "cannot make a mount namespace");
	return mountns_build(container, failure);
}

/* A process's own ends of two pipes, from the child to the parent. */
struct pipes {
	int results;
	int messages; /* not blocking; the child's is its stderr */
};

/*
 * The child keeps no other descriptor than RESULTS and NSFD (-1: none), the
 * lock of MNTDIR least of all, because it may be blocked for long. Others may
 * wait for the end of file of lsl's stderr, too.
 */
static bool prepare_builder(int results, int nsfd, int messages)
{
	if (!debug_is_enabled()) {
		inheritance_detach();
		if (dup2(messages, STDERR_FILENO) < 0)
			return false;
	}
	inheritance_close_but_two(results, nsfd < 0 ? results : nsfd);
	return true;
}

/*
 * As fork(2). The child dies with lsl: a start that is killed leaves no
 * half-built namespace.
 */
static pid_t fork_builder(struct pipes *pipes, int nsfd, struct failure *failure)
{
	pid_t pid, parent = getpid();
	int ends[2], messages[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return failure_set(failure, errno, "cannot make a pipe");
	if (pipe2(messages, O_CLOEXEC | O_NONBLOCK) < 0) {
		pid = failure_set(failure, errno, "cannot make a pipe");
		close(ends[0]);
		close(ends[1]);
		return pid;
	}
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent ||
		    !prepare_builder(ends[1], nsfd, messages[1]))
			_exit(1);
		*pipes = (struct pipes){ends[1], STDERR_FILENO};
		return 0;
	}
	if (pid < 0) {
		pid = failure_set(failure, errno, "cannot fork");
		close(ends[0]);
		close(messages[0]);
	}
	close(ends[1]);
	close(messages[1]);
	*pipes = (struct pipes){ends[0], messages[0]};
	return pid;
}

/* Writes what the child has said to stderr. */
static void pass_on(int messages)
{
	char text[4096];
	ssize_t n;

	while ((n = read(messages, text, sizeof(text))) > 0)
		(void)wholeio_write(STDERR_FILENO, text, (size_t)n);
}

/* Sends RESULT, and the COUNT of BINDS after it if that is no failure. */
static bool send_results(int results, const struct bind_result *result,
			 const struct bind_result *binds, size_t count)
{
	return wholeio_write(results, result, sizeof(*result)) == 0 &&
	       (result->status < 0 || wholeio_write(results, binds, count * sizeof(*binds)) == 0);
}

/* Receives that from the process PID. -ETIMEDOUT: PID was given up. */
static int receive_results(const struct pipes *pipes, pid_t pid, struct bind_result *binds,
			   size_t count, struct failure *failure)
{
	struct bind_result result = {.status = 0};
	size_t size = count * sizeof(*binds);
	int status = 0;

	if (timelimit_wait(pipes->results, PATIENCE_MS) == -ETIMEDOUT)
		status = give_up(pid, failure);
	else if (wholeio_read(pipes->results, &result, sizeof(result)) != (ssize_t)sizeof(result) ||
		 (result.status == 0 &&
		  wholeio_read(pipes->results, binds, size) != (ssize_t)size)) {
		status = failure_set(failure, EPIPE, "the process that mounts ended early");
		/* If only reading failed, it waits to be ended. */
		kill(pid, SIGKILL);
	} else if (result.status < 0)
		*failure = result.failure;
	pass_on(pipes->messages);
	close(pipes->messages);
	close(pipes->results);
	return status < 0 ? status : result.status;
}

/* Waits for the child's end; FAILURE describes an abnormal end. */
static int wait_for_builder(pid_t pid, struct failure *failure)
{
	int wstatus;

	while (waitpid(pid, &wstatus, 0) < 0)
		if (errno != EINTR)
			return failure_set(failure, errno,
					   "cannot wait for the process that mounts");
	if (WIFSIGNALED(wstatus) && WTERMSIG(wstatus) == SIGSYS)
		return failure_set(
			failure, EPERM,
			"the system call filter stopped it (please report it; lsl -s start runs without the filter)");
	if (WIFSIGNALED(wstatus))
		return failure_set(failure, EINTR,
				   "the process that mounts was killed by signal %d",
				   WTERMSIG(wstatus));
	if (WEXITSTATUS(wstatus))
		return failure_set(failure, EPIPE, "the process that mounts ended early");
	return 0;
}

int nsbuild_start(const struct container *container, pid_t *builder, struct failure *failure)
{
	struct pipes pipes = {-1, -1};
	struct bind_result result;
	struct failure killed;
	int status;
	pid_t pid = fork_builder(&pipes, -1, failure);

	if (pid < 0)
		return pid;
	if (pid == 0) {
		result.status = build_here(container, &result.failure);
		if (!send_results(pipes.results, &result, NULL, 0))
			_exit(1);
		if (result.status < 0)
			_exit(0);
		for (;;)
			pause();
	}
	status = receive_results(&pipes, pid, NULL, 0, failure);
	*builder = pid;
	if (status < 0 && status != -ETIMEDOUT && wait_for_builder(pid, &killed) < 0)
		*failure = killed;
	return status;
}

void nsbuild_end(pid_t builder)
{
	kill(builder, SIGKILL);
	while (waitpid(builder, NULL, 0) < 0 && errno == EINTR)
		;
}

int nsbuild_update(const struct container *started, int nsfd, const struct bind *binds,
		   size_t count, struct bind_result *added, struct failure *failure)
{
	struct pipes pipes = {-1, -1};
	struct bind_result result;
	struct failure killed;
	int status;
	pid_t pid = fork_builder(&pipes, nsfd, failure);

	if (pid < 0)
		return pid;
	if (pid == 0) {
		debug("%s: add %zu of mnt to its namespace", started->name, count);
		if (count && unshare(CLONE_NEWNS) < 0)
			result.status = failure_set(&result.failure, errno,
						    "cannot make a mount namespace");
		else
			result.status =
				mountns_update(started, nsfd, binds, count, added, &result.failure);
		_exit(send_results(pipes.results, &result, added, count) ? 0 : 1);
	}
	status = receive_results(&pipes, pid, added, count, failure);
	if (status != -ETIMEDOUT && wait_for_builder(pid, &killed) < 0) {
		status = -EIO;
		*failure = killed;
	}
	return status;
}
