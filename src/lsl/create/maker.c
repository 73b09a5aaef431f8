/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "create/maker.h"

#include <errno.h>
#include <sys/capability.h>
#include <sys/socket.h>
#include <unistd.h>

#include "caps.h"
#include "create/tool.h"
#include "create/wall.h"

/*
 * The capabilities of tools (tool.c), and those to give tools ids and bounding
 * sets, and to end them.
 */
static const cap_value_t caps[] = {CAP_CHOWN,   CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_FSETID,
				   CAP_SETFCAP, CAP_SETUID,       CAP_SETGID, CAP_MKNOD,
				   CAP_SETPCAP, CAP_KILL};

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

/* The arguments of maker_start. */
struct task {
	bool is_root;
	maker_serve *serve;
	void *arg;
};

static void run_maker(int fd, pid_t parent, void *arg)
{
	static char request[MAKER_MESSAGE_MAX + 1], answer[MAKER_MESSAGE_MAX];
	const struct task *task = arg;
	ssize_t n;

	tool_begin();
	if (forked_die_with(parent) < 0 || (!task->is_root && wall_mount() < 0) ||
	    (!task->is_root && caps_keep(caps, sizeof(caps) / sizeof(caps[0])) < 0))
		_exit(1);
	while ((n = receive_bytes(fd, request, MAKER_MESSAGE_MAX)) > 0) {
		request[n] = '\0';
		if (send_whole(fd, answer, task->serve(request, (size_t)n, answer, task->arg)) < 0)
			break;
	}
	/* SERVE undoes incomplete work. */
	task->serve(NULL, 0, answer, task->arg);
}

int maker_start(struct maker *maker, bool is_root, maker_serve *serve, void *arg)
{
	struct task task = {is_root, serve, arg};

	return forked_start(&maker->process, SOCK_SEQPACKET, run_maker, &task);
}

ssize_t maker_ask(const struct maker *maker, const char *request, size_t size, char *answer)
{
	int status = send_whole(maker->process.socket, request, size);
	ssize_t n = status < 0 ? status
			       : receive_bytes(maker->process.socket, answer, MAKER_MESSAGE_MAX);

	return n == 0 ? -EPIPE : n;
}

void maker_end(struct maker *maker)
{
	forked_end(&maker->process);
}
