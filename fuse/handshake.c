/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * libfuse 3.14 does not pass FUSE_PARALLEL_DIROPS on in its answer, whatever is
 * wanted. Without it the kernel sends one lookup at a time for each directory,
 * and one in a container that hangs would hold up all commands. So libfuse first
 * answers into a pipe; the answer is completed and handed to the kernel, and then
 * the connection takes the pipe's place.
 */
#define FUSE_USE_VERSION 35

#include "config.h"

#include "handshake.h"

#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <linux/fuse.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What a read of /dev/fuse has to have room for. */
#define READ_SIZE FUSE_MIN_READ_BUFFER

struct request {
	struct fuse_in_header header;
	struct fuse_init_in init;
};

struct answer {
	struct fuse_out_header header;
	struct fuse_init_out init;
};

/* The request's size, or a negative errno. */
static int receive(struct handshake *handshake, int fuse)
{
	_Alignas(8) char buffer[READ_SIZE];
	ssize_t n;

	do
		n = read(fuse, buffer, sizeof(buffer));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if ((size_t)n > sizeof(handshake->request) || n < (ssize_t)sizeof(struct fuse_in_header))
		return -EPROTO;
	memcpy(handshake->request, buffer, (size_t)n);
	return (int)n;
}

static void complete(const struct handshake *handshake, size_t asked, struct answer *answer,
		     ssize_t size)
{
	const struct request *request = (const void *)handshake->request;
	size_t needed = offsetof(struct fuse_init_in, flags) + sizeof(request->init.flags);

	if (asked >= sizeof(request->header) + needed && answer->header.error == 0 &&
	    size >= (ssize_t)(sizeof(answer->header) + offsetof(struct fuse_init_out, flags) + 4))
		answer->init.flags |= request->init.flags & FUSE_PARALLEL_DIROPS;
}

/* Reads libfuse's answer to a request of ASKED bytes from PIPE; tells the kernel, if it waits. */
static int pass_on(const struct handshake *handshake, size_t asked, int pipe, int fuse)
{
	struct answer answer;
	ssize_t size = read(pipe, &answer, sizeof(answer));

	if (size < 0)
		return -errno;
	if (size < (ssize_t)sizeof(answer.header) || answer.header.error)
		return -EPROTO;
	if (handshake->size)
		return 0;
	complete(handshake, asked, &answer, size);
	return write(fuse, &answer, (size_t)size) < 0 ? -errno : 0;
}

static int mount_session(struct fuse_session *session, int fd)
{
	char path[32];

	/* This is how libfuse is told that the mount exists. */
	snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	return fuse_session_mount(session, path) < 0 ? -EIO : 0;
}

static int shake(struct handshake *handshake, struct fuse_session *session, int fuse,
		 const int pipe[2])
{
	int status = mount_session(session, pipe[1]);
	int size = (int)handshake->size;
	struct fuse_buf buf;

	if (status == 0 && size == 0)
		status = size = receive(handshake, fuse);
	if (status < 0)
		return status;
	buf = (struct fuse_buf){.size = (size_t)size, .mem = handshake->request};
	fuse_session_process_buf(session, &buf);
	if (fuse_session_exited(session))
		return -EPROTO;
	status = pass_on(handshake, (size_t)size, pipe[0], fuse);
	/* Should we die before this, no later server can answer: it takes another connection. */
	if (status == 0)
		handshake->size = (size_t)size;
	return status;
}

int handshake_do(struct handshake *handshake, struct fuse_session *session, int fuse)
{
	int status, pipe[2];

	if (pipe2(pipe, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	status = shake(handshake, session, fuse, pipe);
	close(pipe[0]);
	/* The number stays the session's. */
	if (status == 0 && dup3(fuse, pipe[1], O_CLOEXEC) < 0)
		status = -errno;
	return status;
}
