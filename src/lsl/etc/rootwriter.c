/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "etc/rootwriter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "etc/hostfiles.h"
#include "lsl.h"
#include "caps.h"
#include "inheritance.h"
#include "monotonic.h"
#include "record.h"
#include "seccomp.h"
#include "base/wholeio.h"
#include "timelimit.h"
#include "etc/tmpfiles.h"

/*
 * Writing into a directory takes its lock, which a user who can read the
 * directory can hold (nsbuild.c). So does a disk that is very busy, for a
 * while.
 */
#define PATIENCE_MS 20000

/*
 * A struct hostfiles for hostfiles_apply; with an fd the directory for
 * tmpfiles_make instead. SIZE bytes follow, strings with a final NUL:
 * container, path, the three of people, and source and target of each bind.
 */
struct writer_request {
	uint32_t is_start, is_stop;
	uint32_t count;
	uint32_t own;
	uint32_t size;
};

/*
 * No configuration has more: a record holds the same strings, and userdb.c
 * limits an answer.
 */
#define REQUEST_SIZE_MAX (2U * RECORD_SIZE_MAX + USERDB_TEXT_MAX)

/* The number of strings before those of the binds. */
#define STRINGS 5

/* Room for one fd in a message, unix(7). */
union passed_fd {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

/* Sends it with the fd PASSED; negative: without one. */
static int send_request(int fd, struct writer_request *request, int passed)
{
	union passed_fd control = {.header = {.cmsg_len = CMSG_LEN(sizeof(int)),
					      .cmsg_level = SOL_SOCKET,
					      .cmsg_type = SCM_RIGHTS}};
	struct iovec part = {request, sizeof(*request)};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	ssize_t n;

	if (passed >= 0) {
		memcpy(CMSG_DATA(&control.header), &passed, sizeof(passed));
		message.msg_control = control.bytes;
		message.msg_controllen = sizeof(control.bytes);
	}
	do
		n = sendmsg(fd, &message, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return n == (ssize_t)sizeof(*request) ? 0 : -EPIPE;
}

/* *PASSED is the received fd, or -1. */
static int receive_request(int fd, struct writer_request *request, int *passed)
{
	union passed_fd control;
	struct iovec part = {request, sizeof(*request)};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control.bytes,
				 .msg_controllen = sizeof(control.bytes)};
	const struct cmsghdr *header;
	ssize_t n;

	*passed = -1;
	do
		n = recvmsg(fd, &message, MSG_WAITALL | MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_type == SCM_RIGHTS)
		memcpy(passed, CMSG_DATA(header), sizeof(int));
	return n == (ssize_t)sizeof(*request) ? 0 : -EPIPE;
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

static int serve_fill_run(const char *path, int run)
{
	int root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int status = root < 0 ? -errno : tmpfiles_make(root, run);

	if (root >= 0)
		close(root);
	return status;
}

/*
 * Executes REQUEST with its TEXT, then sends the status and one for each bind.
 */
static int serve_request(int fd, const struct writer_request *request, char *text, int passed)
{
	struct hostfiles files = {
		.is_start = request->is_start,
		.is_stop = request->is_stop,
		.count = request->count,
		.own = request->own,
	};
	struct bind *binds = calloc(request->count + 1, sizeof(*binds));
	int32_t *statuses = calloc(request->count + 1, sizeof(*statuses));
	int32_t status = binds && statuses ? 0 : -ENOMEM;
	size_t i;

	files.container = next_string(&text);
	files.path = next_string(&text);
	files.people.uids = next_string(&text);
	files.people.passwd = next_string(&text);
	files.people.group = next_string(&text);
	for (i = 0; status == 0 && i < request->count; i++) {
		binds[i].source = next_string(&text);
		binds[i].target = next_string(&text);
	}
	files.binds = binds;
	if (status == 0)
		status = passed < 0 ? hostfiles_apply(&files, statuses)
				    : serve_fill_run(files.path, passed);
	free(binds);
	if (wholeio_send(fd, &status, sizeof(status)) < 0 ||
	    (status == 0 && wholeio_send(fd, statuses, request->count * sizeof(*statuses)) < 0))
		status = -EPIPE;
	free(statuses);
	return status == -EPIPE ? status : 0;
}

/*
 * Writes what comes from FD to stderr, until the end of file. -ETIMEDOUT: that
 * has not come in time.
 */
static int pass_on(int fd)
{
	long deadline = monotonic_ms() + PATIENCE_MS;
	char text[4096];
	ssize_t n;
	int status;

	do {
		status = timelimit_wait(fd, (int)(deadline - monotonic_ms()));
		n = status == 0 ? read(fd, text, sizeof(text)) : 0;
		if (n > 0)
			(void)wholeio_write(STDERR_FILENO, text, (size_t)n);
	} while (n > 0 || (n < 0 && errno == EINTR));
	return status;
}

/*
 * Its messages go to END. It may be blocked for long, and others wait for the
 * end of file of what lsl has as stdin, stdout and stderr.
 */
static _Noreturn void serve_in_child(int fd, const struct writer_request *request, char *text,
				     int passed, int end)
{
	inheritance_detach();
	if (dup2(end, STDERR_FILENO) < 0)
		_exit(1);
	_exit(serve_request(fd, request, text, passed) < 0);
}

/*
 * serve_request in a child, which is given up if it is blocked for too long:
 * then the status is -ETIMEDOUT.
 */
static int serve_in_time(int fd, const struct writer_request *request, char *text, int passed)
{
	static const int32_t timed_out = -ETIMEDOUT;
	pid_t pid, parent = getpid();
	int status, wstatus, end[2];

	/* Those that were given up, and have ended since. */
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	if (pipe2(end, O_CLOEXEC) < 0)
		return -errno;
	pid = fork();
	if (pid == 0 && forked_die_with(parent) < 0)
		_exit(1);
	if (pid == 0)
		serve_in_child(fd, request, text, passed, end[1]);
	close(end[1]);
	status = pid < 0 ? -EAGAIN : pass_on(end[0]);
	close(end[0]);
	if (status == -ETIMEDOUT) {
		timelimit_give_up(pid);
		return wholeio_send(fd, &timed_out, sizeof(timed_out));
	}
	if (status == 0 && (waitpid(pid, &wstatus, 0) < 0 || wstatus != 0))
		status = -EPIPE;
	return status;
}

static int serve_next_request(int fd)
{
	struct writer_request request;
	char *text = NULL;
	int passed, status = receive_request(fd, &request, &passed);

	if (status == 0 && (request.size > REQUEST_SIZE_MAX || request.size < STRINGS))
		status = -EINVAL;
	if (status == 0) {
		text = malloc(request.size);
		status = text ? wholeio_receive(fd, text, request.size) : -ENOMEM;
	}
	if (status == 0)
		status = serve_in_time(fd, &request, text, passed);
	if (passed >= 0)
		close(passed);
	free(text);
	return status;
}

static int confine_writer(bool seccomp)
{
	static const cap_value_t caps[] = {CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH,
					   CAP_FOWNER};
	int status = caps_keep(caps, sizeof(caps) / sizeof(caps[0]));

	if (status == 0 && seccomp)
		status = seccomp_apply(SECCOMP_ROOTWRITER, lsl_say_deadly_call, NULL);
	return status;
}

/* ARG: a bool, whether it has a system call filter. */
static void run_writer(int fd, pid_t parent, void *arg)
{
	const bool *seccomp = arg;
	int status;

	/* The journal undoes incomplete changes. */
	if (forked_die_with(parent) < 0)
		_exit(1);
	status = confine_writer(*seccomp);
	if (status < 0)
		lsl_say("cannot confine the process that writes into root filesystems: %s",
			strerror(-status));
	while (status == 0)
		status = serve_next_request(fd);
	_exit(status == -EPIPE ? 0 : 1);
}

/*
 * lsl's side.
 */

int rootwriter_start(struct rootwriter *writer, bool seccomp)
{
	writer->userdb.process.pid = 0;
	return forked_start(&writer->process, SOCK_STREAM, run_writer, &seccomp);
}

/* Returns the strings of FILES, which the caller frees; NULL without memory. */
static char *write_strings(const struct hostfiles *files, uint32_t *size)
{
	const char *const strings[STRINGS] = {files->container, files->path, files->people.uids,
					      files->people.passwd, files->people.group};
	char *text = NULL;
	size_t i, len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	for (i = 0; i < STRINGS; i++)
		fprintf(out, "%s%c", strings[i] ? strings[i] : "", '\0');
	for (i = 0; i < files->count; i++)
		fprintf(out, "%s%c%s%c", files->binds[i].source, '\0', files->binds[i].target,
			'\0');
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	*size = (uint32_t)len;
	return text;
}

/* RUN: the fd of a directory for tmpfiles_make, or -1. */
static int ask_writer(const struct rootwriter *writer, const struct hostfiles *files, int run,
		      int32_t *statuses)
{
	struct writer_request request = {
		.is_start = files->is_start,
		.is_stop = files->is_stop,
		.count = (uint32_t)files->count,
		.own = files->own,
	};
	char *text = write_strings(files, &request.size);
	int32_t answer = 0;
	int status;

	if (!text)
		return -ENOMEM;
	status = send_request(writer->process.socket, &request, run);
	if (status == 0)
		status = wholeio_send(writer->process.socket, text, request.size);
	free(text);
	if (status == 0)
		status = wholeio_receive(writer->process.socket, &answer, sizeof(answer));
	if (status == 0 && answer == 0)
		status = wholeio_receive(writer->process.socket, statuses,
					 request.count * sizeof(*statuses));
	if (status < 0) {
		lsl_say("%s: the process that writes into root filesystems has ended: %s",
			files->container, strerror(-status));
		return -EPIPE;
	}
	if (answer == -ETIMEDOUT)
		lsl_say("%s: a directory of its root filesystem does not answer, and files of the host are not written there (a process may hold it: lsl-problems(7))",
			files->container);
	return answer;
}

/*
 * Returns the answer of the user database about CONTAINER's people; if there is
 * none, says so.
 */
static void ask_userdb(const struct rootwriter *writer, const struct container *container,
		       struct userdb_answer *answer)
{
	int status;

	*answer = (struct userdb_answer){NULL, NULL};
	if (!container->people)
		return;
	status = userdb_ask(&writer->userdb, container->people, answer);
	if (status < 0)
		lsl_say("%s: the people of people= are not looked up: %s (getent passwd %s)",
			container->name, strerror(-status), container->people);
}

int rootwriter_apply(const struct rootwriter *writer, const struct container *container,
		     bool is_start, int *statuses)
{
	struct hostfiles files = {
		.container = container->name,
		.path = container->path,
		.binds = container->copies,
		.count = container->copy_count,
		.own = container->own,
		.is_start = is_start,
	};
	struct userdb_answer answer;
	int status;

	ask_userdb(writer, container, &answer);
	files.people = (struct accountfiles_people){container->people, answer.passwd, answer.group};
	status = ask_writer(writer, &files, -1, statuses);
	free(answer.passwd);
	return status;
}

int rootwriter_take_out(const struct rootwriter *writer, const char *name, const char *path)
{
	const struct hostfiles files = {.container = name, .path = path, .is_stop = true};

	return ask_writer(writer, &files, -1, NULL);
}

int rootwriter_fill_run(const struct rootwriter *writer, const char *name, const char *path,
			int run)
{
	const struct hostfiles files = {.container = name, .path = path};

	return ask_writer(writer, &files, run, NULL);
}

void rootwriter_end(struct rootwriter *writer)
{
	userdb_end(&writer->userdb);
	forked_end(&writer->process);
}
