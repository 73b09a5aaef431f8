/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * read(2) until the end, and write(2) of all bytes; the same over a stream
 * socket between lsl and its processes.
 */
#ifndef LSL_WHOLEIO_H
#define LSL_WHOLEIO_H

#include <errno.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * Reads from FD until its end, SIZE bytes at most. Returns their number, or a
 * negative errno.
 */
static inline ssize_t wholeio_read(int fd, void *bytes, size_t size)
{
	size_t len = 0;
	ssize_t n = 1;

	while (n != 0 && len < size) {
		n = read(fd, (char *)bytes + len, size - len);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			len += (size_t)n;
	}
	return (ssize_t)len;
}

/* Writes all SIZE bytes. Returns 0 or a negative errno. */
static inline int wholeio_write(int fd, const void *bytes, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while (len < size) {
		n = write(fd, (const char *)bytes + len, size - len);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			len += (size_t)n;
	}
	return 0;
}

/* Sends all SIZE bytes over the socket FD. Returns 0 or a negative errno. */
static inline int wholeio_send(int fd, const void *bytes, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while (len < size) {
		n = send(fd, (const char *)bytes + len, size - len, MSG_NOSIGNAL);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			len += (size_t)n;
	}
	return 0;
}

/*
 * Receives SIZE bytes from FD. Returns 0 or a negative errno; -EPIPE: the other
 * side has ended.
 */
static inline int wholeio_receive(int fd, void *bytes, size_t size)
{
	ssize_t n = wholeio_read(fd, bytes, size);

	if (n < 0)
		return (int)n;
	return (size_t)n == size ? 0 : -EPIPE;
}

#endif
