/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/forked.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/wholeio.h"

int forked_start(struct forked *forked, int type, forked_run *run, void *arg)
{
	pid_t parent = getpid();
	int sockets[2], status;

	if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, sockets) < 0)
		return -errno;
	fflush(NULL);
	forked->pid = fork();
	status = forked->pid < 0 ? -errno : 0;
	if (forked->pid == 0) {
		close(sockets[0]);
		run(sockets[1], parent, arg);
		_exit(0);
	}
	close(sockets[1]);
	forked->socket = sockets[0];
	if (status < 0)
		close(sockets[0]);
	return status;
}

int forked_die_with(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0)
		return -errno;
	/* The parent may have died before. */
	return getppid() == parent ? 0 : -ESRCH;
}

int forked_end(struct forked *forked)
{
	int wstatus;

	/* Processes that were forked later have copies of the socket. */
	shutdown(forked->socket, SHUT_WR);
	close(forked->socket);
	while (waitpid(forked->pid, &wstatus, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(wstatus) && WEXITSTATUS(wstatus) == 0 ? 0 : -EIO;
}

ssize_t forked_ask(void (*look)(int results, const void *arg), const void *arg, void *answer,
		   size_t size)
{
	int results[2];
	ssize_t len;
	pid_t pid;

	if (pipe2(results, O_CLOEXEC) < 0)
		return -errno;
	fflush(NULL);
	pid = fork();
	len = -errno;
	if (pid == 0) {
		look(results[1], arg);
		_exit(0);
	}
	close(results[1]);
	if (pid > 0)
		len = wholeio_read(results[0], answer, size);
	close(results[0]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return len;
}
