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
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inheritance.h"
#include "mount/mountns.h"
#include "mount/nspin.h"
#include "timelimit.h"
#include "base/debug.h"

/*
 * mount(2) takes the lock of the directory on which it mounts. A user who can
 * read the directory can hold that lock, for as long as a file system of the
 * user's does not answer. So a process that mounts nothing for so long, in
 * milliseconds, is given up.
 */
#define PATIENCE_MS 20000

/* Each CPU takes namespace ids from a batch of this size, kernel/nstree.c. */
#define ID_BATCH 4096

/*
 * A child's report through the pipe, in one write: about one bind, or, with
 * number SIZE_MAX, the last one, about the whole.
 */
struct report {
	size_t number;
	int status;
	struct failure failure;
};

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

/*
 * As fork(2). The child reports to *RESULTS, and dies with lsl: a start that is
 * killed leaves no half-built namespace. It may be blocked for long, so it
 * keeps no other descriptor than NSFD (-1: none), the lock of MNTDIR least of
 * all.
 */
static pid_t fork_builder(int *results, int nsfd, struct failure *failure)
{
	pid_t pid, parent = getpid();
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return failure_set(failure, errno, "cannot make a pipe");
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
			_exit(1);
		inheritance_close_but_two(ends[1], nsfd < 0 ? ends[1] : nsfd);
		*results = ends[1];
		return 0;
	}
	if (pid < 0) {
		pid = failure_set(failure, errno, "cannot fork");
		close(ends[0]);
	}
	close(ends[1]);
	*results = ends[0];
	return pid;
}

static bool send_report(int results, size_t number, int status, const struct failure *failure)
{
	struct report report = {.number = number, .status = status};

	if (status < 0)
		report.failure = *failure;
	return write(results, &report, sizeof(report)) == (ssize_t)sizeof(report);
}

/*
 * Reads reports of the process PID until the last one, and returns its status.
 * -ETIMEDOUT: PID was given up.
 */
static int receive_reports(int results, pid_t pid, nsbuild_added *done, void *arg,
			   struct failure *failure)
{
	struct report report;
	ssize_t n;

	for (;;) {
		if (timelimit_wait(results, PATIENCE_MS) == -ETIMEDOUT)
			return give_up(pid, failure);
		n = read(results, &report, sizeof(report));
		if (n < 0 && errno == EINTR)
			continue;
		if (n != (ssize_t)sizeof(report))
			return failure_set(failure, EPIPE, "the process that mounts ended early");
		if (report.number == SIZE_MAX)
			break;
		done(report.number, report.status, &report.failure, arg);
	}
	if (report.status < 0)
		*failure = report.failure;
	return report.status;
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
	struct failure killed;
	int results = -1, status;
	pid_t pid = fork_builder(&results, -1, failure);

	if (pid < 0)
		return pid;
	if (pid == 0) {
		status = build_here(container, failure);
		if (!send_report(results, SIZE_MAX, status, failure))
			_exit(1);
		if (status < 0)
			_exit(0);
		for (;;)
			pause();
	}
	status = receive_reports(results, pid, NULL, NULL, failure);
	close(results);
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

static int update_here(const struct container *container, const struct container *started, int nsfd,
		       int results, struct failure *failure)
{
	int *statuses = calloc(container->bind_count + 1, sizeof(*statuses));
	struct failure *failures = calloc(container->bind_count + 1, sizeof(*failures));
	int status = 0;
	size_t i;

	if (!statuses || !failures) {
		failure_set(failure, ENOMEM, "cannot add to its mount namespace");
		status = -ENOMEM;
	} else if (container->bind_count && unshare(CLONE_NEWNS) < 0) {
		status = failure_set(failure, errno, "cannot make a mount namespace");
	}
	if (status == 0)
		status = mountns_update(container, started, nsfd, statuses, failures, failure);
	for (i = 0; status == 0 && i < container->bind_count; i++)
		if (!send_report(results, i, statuses[i], &failures[i]))
			_exit(1);
	free(statuses);
	free(failures);
	return status;
}

int nsbuild_update(const struct container *container, const struct container *started, int nsfd,
		   nsbuild_added *done, void *arg, struct failure *failure)
{
	struct failure killed;
	int results = -1, status;
	pid_t pid = fork_builder(&results, nsfd, failure);

	if (pid < 0)
		return pid;
	if (pid == 0) {
		debug("%s: add %zu of mnt to its namespace", container->name,
		      container->bind_count);
		status = update_here(container, started, nsfd, results, failure);
		_exit(send_report(results, SIZE_MAX, status, failure) ? 0 : 1);
	}
	status = receive_reports(results, pid, done, arg, failure);
	close(results);
	if (status != -ETIMEDOUT && wait_for_builder(pid, &killed) < 0) {
		status = -EIO;
		*failure = killed;
	}
	return status;
}
