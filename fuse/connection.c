/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The supervisor itself answers FUSE_INIT, for two reasons. The request comes
 * once for each connection, which has several servers. And libfuse 3.14 does
 * not pass on FUSE_PARALLEL_DIROPS. Without that flag the kernel sends one
 * lookup at a time for each directory, so a lookup in a container that hangs
 * would hold up all others. Each server's libfuse gets a copy of the request,
 * and its answer goes to /dev/null.
 */
#define FUSE_USE_VERSION 35

#include "config.h"

#include "connection.h"

#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <linux/fuse.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

/* The flags that all kernels from 5.4 on have. */
#define PROTOCOL_MINOR 31

#define WANTED (FUSE_PARALLEL_DIROPS | FUSE_DO_READDIRPLUS | FUSE_CACHE_SYMLINKS)

struct init_request {
	struct fuse_in_header header;
	uint32_t major, minor, max_readahead, flags;
};

struct init_answer {
	struct fuse_out_header header;
	struct fuse_init_out init;
};

static int receive_init(struct connection *connection)
{
	/* A read of /dev/fuse must have room for this. */
	_Alignas(8) char buffer[FUSE_MIN_READ_BUFFER];
	const struct fuse_in_header *header = (const void *)buffer;
	ssize_t n;

	n = read(connection->fd, buffer, sizeof(buffer));
	if (n < 0)
		return -errno;
	if ((size_t)n < sizeof(struct init_request) || (size_t)n > sizeof(connection->request) ||
	    header->opcode != FUSE_INIT)
		return -EPROTO;
	memcpy(connection->request, buffer, (size_t)n);
	connection->size = (size_t)n;
	return 0;
}

static int answer_init(struct connection *connection)
{
	const struct init_request *request = (const void *)connection->request;
	struct init_answer answer = {
		.header.len = sizeof(answer),
		.header.unique = request->header.unique,
		.init.major = FUSE_KERNEL_VERSION,
		.init.minor = PROTOCOL_MINOR,
		.init.max_readahead = request->max_readahead,
		.init.flags = request->flags & WANTED,
		.init.max_write = 4096,
		.init.time_gran = 1,
	};

	if (request->major != FUSE_KERNEL_VERSION || request->minor < PROTOCOL_MINOR)
		return -EPROTO;
	return write(connection->fd, &answer, sizeof(answer)) < 0 ? -errno : 0;
}

int connection_negotiate(struct connection *connection, int fd)
{
	int status;

	*connection = (struct connection){.fd = fd};
	status = receive_init(connection);
	if (status == 0)
		status = answer_init(connection);
	/* The kernel may withdraw a request between poll(2) and read(2). */
	if (status == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		status = -errno;
	return status < 0 ? log_failure(status, "negotiate with the kernel's FUSE") : 0;
}

int connection_serve(const struct connection *connection, struct fuse_session *session)
{
	struct fuse_buf request = {
		.size = connection->size,
		.mem = (void *)(uintptr_t)connection->request,
	};
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	char path[32];

	if (fd < 0)
		return -errno;
	/* With this path libfuse knows that the mount exists. */
	snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	if (fuse_session_mount(session, path) < 0)
		return -EIO;
	fuse_session_process_buf(session, &request);
	if (fuse_session_exited(session))
		return -EPROTO;
	/* The session keeps the descriptor's number. */
	return dup3(connection->fd, fd, O_CLOEXEC) < 0 ? -errno : 0;
}

bool connection_is_alive(const struct connection *connection)
{
	struct pollfd fd = {.fd = connection->fd};

	return poll(&fd, 1, 0) >= 0 && !(fd.revents & (POLLERR | POLLHUP | POLLNVAL));
}

bool connection_is_mounted(int fd)
{
	/*
	 * ENOENT if the root directory no longer exists; otherwise the kernel
	 * asks for its attributes again.
	 */
	const struct {
		struct fuse_out_header header;
		struct fuse_notify_inval_inode_out inode;
	} message = {
		.header = {.len = sizeof(message), .error = FUSE_NOTIFY_INVAL_INODE},
		.inode = {.ino = FUSE_ROOT_ID, .off = -1},
	};

	return write(fd, &message, sizeof(message)) >= 0;
}

int connection_notify(const struct connection *connection, int code)
{
	/* libfuse 3.10 does not know these notifications. */
	const struct fuse_out_header header = {.len = sizeof(header), .error = code};

	return write(connection->fd, &header, sizeof(header)) < 0 ? -errno : 0;
}
