/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "timelimit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
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

static long receive_result(int fd, int limit_ms)
{
	int status = timelimit_wait(fd, limit_ms);
	long result;

	if (status < 0)
		return status;
	return read(fd, &result, sizeof(result)) == (ssize_t)sizeof(result) ? result : -EIO;
}

static _Noreturn void send_result(int fd, long (*look)(const void *arg), const void *arg)
{
	long result;

	/*
	 * Other processes wait for the end of file of pipes that are open here,
	 * and this process may never end.
	 */
	inheritance_close_but(fd);
	result = look(arg);
	_exit(write(fd, &result, sizeof(result)) == (ssize_t)sizeof(result) ? 0 : 1);
}

long timelimit_run(long (*look)(const void *arg), const void *arg, int limit_ms)
{
	int results[2];
	long result;
	pid_t pid;

	if (pipe2(results, O_CLOEXEC) < 0)
		return -errno;
	fflush(NULL);
	pid = fork();
	result = -errno;
	if (pid == 0)
		send_result(results[1], look, arg);
	close(results[1]);
	if (pid > 0) {
		result = receive_result(results[0], limit_ms);
		timelimit_give_up(pid);
		while (result != -ETIMEDOUT && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	close(results[0]);
	return result;
}
