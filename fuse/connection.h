/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A connection with the kernel's FUSE: an open /dev/fuse. It lasts until its
 * last descriptor is closed, the directory is unmounted, or somebody aborts it.
 * So it survives each server while the supervisor has a descriptor, too.
 */
#ifndef LSL_CONNECTION_H
#define LSL_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>

struct fuse_session;

struct connection {
	int fd;
	size_t size; /* of the kernel's first request, FUSE_INIT */
	_Alignas(8) char request[256];
};

/*
 * For the supervisor: receives FUSE_INIT on FD, which has just been mounted,
 * and answers it. The request comes once, so it is kept here for the servers.
 * On failure returns a negative errno; FD then stays the caller's.
 */
int connection_negotiate(struct connection *connection, int fd);

/*
 * For a server: SESSION, which is not mounted, serves the connection from now
 * on. The descriptor does not block. Returns 0 or a negative errno.
 */
int connection_serve(const struct connection *connection, struct fuse_session *session);

/* Whether the kernel still uses the connection. */
bool connection_is_alive(const struct connection *connection);

/*
 * Whether the file system that FD, an open /dev/fuse, serves is still mounted
 * anywhere, served or not. The kernel looks for its root directory in memory;
 * no path is walked.
 */
bool connection_is_mounted(int fd);

/*
 * Notifications that take no lock and do not wait, from linux/fuse.h of Linux
 * 6.16; the installed header may be older.
 */
enum {
	/* send again all requests that were read and not answered; Linux 6.9 */
	CONNECTION_RESEND = 7,
	/* look up every name, negative entries included, anew; Linux 6.16 */
	CONNECTION_NEW_EPOCH = 8,
};

/* Returns 0, or a negative errno: an older kernel, or no connection. */
int connection_notify(const struct connection *connection, int code);

#endif
