/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rootwriter.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hostfiles.h"
#include "lsl.h"
#include "caps.h"
#include "record.h"
#include "seccomp.h"
#include "tmpfiles.h"

enum operation {
	APPLY_AT_START,
	APPLY_AT_REFRESH,
	TAKE_OUT,
	FILL_RUN, /* the request brings the directory's fd */
};

/* Behind it come SIZE bytes: strings, each with its NUL: name, path, and source and target of each bind. */
struct request {
	enum operation operation;
	uint32_t count; /* binds */
	uint32_t size;
};

/* No configuration has more: a record holds the same strings. */
#define REQUEST_SIZE_MAX (2U * RECORD_SIZE_MAX)

/* The message that REQUEST is, and room for one fd, unix(7). */
struct request_message {
	struct iovec part;
	struct msghdr header;
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
};

static void prepare_message(struct request_message *message, struct request *request)
{
	memset(message, 0, sizeof(*message));
	message->part = (struct iovec){request, sizeof(*request)};
	message->header.msg_iov = &message->part;
	message->header.msg_iovlen = 1;
	message->header.msg_control = message->control.bytes;
	message->header.msg_controllen = sizeof(message->control.bytes);
}

/* With the fd PASSED, or without where that is negative. */
static int send_request(int fd, struct request *request, int passed)
{
	struct request_message message;
	struct cmsghdr *control;
	ssize_t n;

	prepare_message(&message, request);
	control = CMSG_FIRSTHDR(&message.header);
	control->cmsg_level = SOL_SOCKET;
	control->cmsg_type = SCM_RIGHTS;
	control->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(control), &passed, sizeof(int));
	if (passed < 0)
		message.header.msg_controllen = 0;
	do
		n = sendmsg(fd, &message.header, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return n == (ssize_t)sizeof(*request) ? 0 : -EPIPE;
}

/* *PASSED is an fd that came along, or -1. */
static int receive_request(int fd, struct request *request, int *passed)
{
	struct request_message message;
	const struct cmsghdr *control;
	ssize_t n;

	prepare_message(&message, request);
	*passed = -1;
	do
		n = recvmsg(fd, &message.header, MSG_WAITALL | MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	control = CMSG_FIRSTHDR(&message.header);
	if (control && control->cmsg_type == SCM_RIGHTS)
		memcpy(passed, CMSG_DATA(control), sizeof(int));
	return n == (ssize_t)sizeof(*request) ? 0 : -EPIPE;
}

static int send_all(int fd, const void *bytes, size_t size)
{
	const char *from = bytes;
	ssize_t n;

	while (size) {
		n = send(fd, from, size, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		from += n;
		size -= (size_t)n;
	}
	return 0;
}

/* -EPIPE at the other side's end. */
static int receive_all(int fd, void *bytes, size_t size)
{
	char *to = bytes;
	ssize_t n;

	while (size) {
		n = recv(fd, to, size, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EPIPE;
		to += n;
		size -= (size_t)n;
	}
	return 0;
}

/*
 * The process itself.
 */

static char *next_string(char **text)
{
	char *string = *text;

	*text += strlen(string) + 1;
	return string;
}

static int fill_run(const char *path, int run)
{
	int root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int status = root < 0 ? -errno : tmpfiles_make(root, run);

	if (root >= 0)
		close(root);
	return status;
}

static int answer(enum operation operation, const struct hostfiles *files, int32_t *statuses,
		  int passed)
{
	switch (operation) {
	case TAKE_OUT:
		return hostfiles_take_out(files);
	case FILL_RUN:
		return fill_run(files->path, passed);
	default:
		return hostfiles_apply(files, statuses);
	}
}

/* Does what REQUEST, with its TEXT, says; then sends the status and one for each bind. */
static int serve(int fd, const struct request *request, char *text, int passed)
{
	struct hostfiles files = {
		.is_start = request->operation == APPLY_AT_START,
		.count = request->count,
		.say = lsl_say,
	};
	struct bind *binds = calloc(request->count + 1, sizeof(*binds));
	int32_t *statuses = calloc(request->count + 1, sizeof(*statuses));
	int32_t status = binds && statuses ? 0 : -ENOMEM;
	size_t i;

	files.container = next_string(&text);
	files.path = next_string(&text);
	for (i = 0; status == 0 && i < request->count; i++) {
		binds[i].source = next_string(&text);
		binds[i].target = next_string(&text);
	}
	files.binds = binds;
	if (status == 0)
		status = answer(request->operation, &files, statuses, passed);
	free(binds);
	if (send_all(fd, &status, sizeof(status)) < 0 ||
	    (status == 0 && send_all(fd, statuses, request->count * sizeof(*statuses)) < 0))
		status = -EPIPE;
	free(statuses);
	return status == -EPIPE ? status : 0;
}

static int receive_and_serve(int fd)
{
	struct request request;
	char *text = NULL;
	int passed, status = receive_request(fd, &request, &passed);

	if (status == 0 && (request.size > REQUEST_SIZE_MAX || request.size < 2))
		status = -EINVAL;
	if (status == 0) {
		text = malloc(request.size);
		status = text ? receive_all(fd, text, request.size) : -ENOMEM;
	}
	if (status == 0)
		status = serve(fd, &request, text, passed);
	if (passed >= 0)
		close(passed);
	free(text);
	return status;
}

static int confine(bool seccomp)
{
	static const cap_value_t caps[] = {CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH,
					   CAP_FOWNER};
	int status = caps_keep(caps, sizeof(caps) / sizeof(caps[0]));

	if (status == 0 && seccomp)
		status = seccomp_apply(SECCOMP_ROOTWRITER, lsl_say_deadly_call, NULL);
	return status;
}

static _Noreturn void run(int fd, pid_t parent, bool seccomp)
{
	int status;

	/* What is half done, the journal undoes. */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != parent)
		_exit(1);
	status = confine(seccomp);
	if (status < 0)
		lsl_say("cannot confine the process that writes into root filesystems: %s",
			strerror(-status));
	while (status == 0)
		status = receive_and_serve(fd);
	_exit(status == -EPIPE ? 0 : 1);
}

/*
 * lsl's side.
 */

int rootwriter_start(struct rootwriter *writer, bool seccomp)
{
	pid_t parent = getpid();
	int sockets[2], err;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) < 0)
		return -errno;
	writer->pid = fork();
	if (writer->pid == 0) {
		close(sockets[0]);
		run(sockets[1], parent, seccomp);
	}
	err = errno;
	close(sockets[1]);
	writer->socket = sockets[0];
	if (writer->pid > 0)
		return 0;
	close(sockets[0]);
	return -err;
}

static void add_string(char **to, const char *string)
{
	*to = stpcpy(*to, string) + 1;
}

static int ask(const struct rootwriter *writer, enum operation operation, const char *name,
	       const char *path, const struct container *container, int passed, int32_t *statuses)
{
	struct request request = {.operation = operation};
	size_t i, size = strlen(name) + strlen(path) + 2;
	char *text, *to;
	int32_t answer = 0;
	int status;

	request.count = container ? (uint32_t)container->copy_count : 0;
	for (i = 0; i < request.count; i++)
		size += strlen(container->copies[i].source) + strlen(container->copies[i].target) +
			2;
	request.size = (uint32_t)size;
	text = to = malloc(size);
	if (!text)
		return -ENOMEM;
	add_string(&to, name);
	add_string(&to, path);
	for (i = 0; i < request.count; i++) {
		add_string(&to, container->copies[i].source);
		add_string(&to, container->copies[i].target);
	}
	status = send_request(writer->socket, &request, passed);
	if (status == 0)
		status = send_all(writer->socket, text, size);
	free(text);
	if (status == 0)
		status = receive_all(writer->socket, &answer, sizeof(answer));
	if (status == 0 && answer == 0)
		status = receive_all(writer->socket, statuses, request.count * sizeof(*statuses));
	if (status < 0) {
		lsl_say("%s: the process that writes into root filesystems is gone: %s", name,
			strerror(-status));
		return -EPIPE;
	}
	return answer;
}

int rootwriter_apply(const struct rootwriter *writer, const struct container *container,
		     bool is_start, int *statuses)
{
	return ask(writer, is_start ? APPLY_AT_START : APPLY_AT_REFRESH, container->name,
		   container->path, container, -1, statuses);
}

int rootwriter_take_out(const struct rootwriter *writer, const char *name, const char *path)
{
	return ask(writer, TAKE_OUT, name, path, NULL, -1, NULL);
}

int rootwriter_fill_run(const struct rootwriter *writer, const char *name, const char *path,
			int run)
{
	return ask(writer, FILL_RUN, name, path, NULL, run, NULL);
}

void rootwriter_end(struct rootwriter *writer)
{
	close(writer->socket);
	while (waitpid(writer->pid, NULL, 0) < 0 && errno == EINTR)
		;
}
