/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "timelimit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inheritance.h"
#include "monotonic.h"

int timelimit_wait(int fd, int limit_ms)
{
	struct pollfd answer = {.fd = fd, .events = POLLIN};
	long left, deadline = monotonic_ms() + limit_ms;
	int n;

	do {
		left = deadline - monotonic_ms();
		n = poll(&answer, 1, left > 0 ? (int)left : 0);
	} while (n < 0 && errno == EINTR);
	if (n == 0)
		return -ETIMEDOUT;
	return n < 0 ? -errno : 0;
}

/*
 * Killed, the process ends, unless a daemon has taken its request and died with
 * it, or a user holds the lock of a directory. Then it ends with the daemon's
 * connection, or with the lock.
 */
void timelimit_give_up(pid_t pid)
{
	kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, WNOHANG);
}

static int receive_answer(int fd, void *answer, size_t size, int limit_ms)
{
	int status = timelimit_wait(fd, limit_ms);

	if (status < 0)
		return status;
	return read(fd, answer, size) == (ssize_t)size ? 0 : -EIO;
}

int timelimit_ask(void (*look)(void *answer, const void *arg), const void *arg, int kept,
		  void *answer, size_t size, int limit_ms)
{
	int results[2], status;
	pid_t pid;

	if (pipe2(results, O_CLOEXEC) < 0)
		return -errno;
	fflush(NULL);
	pid = fork();
	status = -errno;
	if (pid == 0) {
		/*
		 * Other processes wait for the end of file of pipes that are
		 * open here, and this process may never end.
		 */
		if (kept < 0)
			inheritance_close_but(results[1]);
		else
			inheritance_close_but_two(results[1], kept);
		look(answer, arg);
		_exit(write(results[1], answer, size) == (ssize_t)size ? 0 : 1);
	}
	close(results[1]);
	if (pid > 0) {
		status = receive_answer(results[0], answer, size, limit_ms);
		timelimit_give_up(pid);
		while (status != -ETIMEDOUT && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	close(results[0]);
	return status;
}

struct simple_look {
	long (*look)(const void *arg);
	const void *arg;
};

static void look_simply(void *answer, const void *arg)
{
	const struct simple_look *simple = arg;
	long *result = answer;

	*result = simple->look(simple->arg);
}

long timelimit_run(long (*look)(const void *arg), const void *arg, int limit_ms)
{
	const struct simple_look simple = {look, arg};
	long result = 0;
	int status = timelimit_ask(look_simply, &simple, -1, &result, sizeof(result), limit_ms);

	return status < 0 ? status : result;
}

struct stat_answer {
	int status;
	struct stat st;
};

static void look_by_stat(void *answer, const void *path)
{
	struct stat_answer *result = answer;

	result->status = stat(path, &result->st) < 0 ? -errno : 0;
}

int timelimit_stat(const char *path, struct stat *st, int limit_ms)
{
	struct stat_answer answer = {.status = 0};
	int status = timelimit_ask(look_by_stat, path, -1, &answer, sizeof(answer), limit_ms);

	*st = answer.st;
	return status < 0 ? status : answer.status;
}
