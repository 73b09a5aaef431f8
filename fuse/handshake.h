/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The first request of a FUSE connection, FUSE_INIT: the kernel says what it
 * can do, we what we want.
 */
#ifndef LSL_HANDSHAKE_H
#define LSL_HANDSHAKE_H

#include <stddef.h>

struct fuse_session;

/* Larger than any FUSE_INIT. */
#define HANDSHAKE_SIZE 256

struct handshake {
	size_t size; /* 0: it has not happened yet */
	_Alignas(8) char request[HANDSHAKE_SIZE];
};

/*
 * Has SESSION, which is not mounted, serve the connection FUSE, an open
 * /dev/fuse. On a new connection the request is received, answered, and kept in
 * HANDSHAKE. On one that an earlier process served, HANDSHAKE is what that one
 * kept. A negative errno.
 */
int handshake_do(struct handshake *handshake, struct fuse_session *session, int fuse);

#endif
