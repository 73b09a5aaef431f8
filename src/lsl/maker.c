/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "maker.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "caps.h"
#include "tool.h"

/* What tools have (tool.c), and what it takes to give them ids and bounding sets, and to end them. */
static const cap_value_t caps[] = {CAP_CHOWN,  CAP_DAC_OVERRIDE, CAP_FOWNER,
				   CAP_FSETID, CAP_SETFCAP,      CAP_SETUID,
				   CAP_SETGID, CAP_SETPCAP,      CAP_KILL};

static ssize_t receive_bytes(int fd, char *bytes, size_t size)
{
	ssize_t n;

	do
		n = recv(fd, bytes, size, 0);
	while (n < 0 && errno == EINTR && !tool_is_interrupted());
	return n < 0 ? -errno : n;
}

static int send_whole(int fd, const char *bytes, size_t size)
{
	ssize_t n;

	do
		n = send(fd, bytes, size, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

static _Noreturn void run_maker(int fd, maker_serve *serve, void *arg)
{
	static char request[MAKER_MESSAGE_MAX + 1], answer[MAKER_MESSAGE_MAX];
	ssize_t n;

	while ((n = receive_bytes(fd, request, MAKER_MESSAGE_MAX)) > 0) {
		request[n] = '\0';
		if (send_whole(fd, answer, serve(request, (size_t)n, answer, arg)) < 0)
			break;
	}
	/* It takes back what it has begun. */
	serve(NULL, 0, answer, arg);
	_exit(0);
}

int maker_start(struct maker *maker, bool is_root, maker_serve *serve, void *arg)
{
	pid_t parent = getpid();
	int sockets[2], err;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0)
		return -errno;
	maker->pid = fork();
	err = errno;
	if (maker->pid == 0) {
		close(sockets[0]);
		tool_catch_signals();
		if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != parent ||
		    (!is_root && caps_keep(caps, sizeof(caps) / sizeof(caps[0])) < 0))
			_exit(1);
		run_maker(sockets[1], serve, arg);
	}
	close(sockets[1]);
	maker->socket = sockets[0];
	if (maker->pid > 0)
		return 0;
	close(sockets[0]);
	return -err;
}

ssize_t maker_ask(const struct maker *maker, const char *request, size_t size, char *answer)
{
	int status = send_whole(maker->socket, request, size);
	ssize_t n = status < 0 ? status : receive_bytes(maker->socket, answer, MAKER_MESSAGE_MAX);

	return n == 0 ? -EPIPE : n;
}

void maker_end(struct maker *maker)
{
	close(maker->socket);
	while (waitpid(maker->pid, NULL, 0) < 0 && errno == EINTR)
		;
}
