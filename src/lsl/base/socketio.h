/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole messages over a stream socket between lsl and its processes.
 */
#ifndef LSL_SOCKETIO_H
#define LSL_SOCKETIO_H

#include <stddef.h>

/* Sends all SIZE bytes. 0 or a negative errno. */
int socketio_send(int fd, const void *bytes, size_t size);

/*
 * Receives SIZE bytes. 0 or a negative errno; -EPIPE at the other side's end.
 */
int socketio_receive(int fd, void *bytes, size_t size);

#endif
