/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/socketio.h"

#include <errno.h>
#include <sys/socket.h>

int socketio_send(int fd, const void *bytes, size_t size)
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

int socketio_receive(int fd, void *bytes, size_t size)
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
