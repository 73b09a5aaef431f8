/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the keeper learns that a server is dead although not all of it is. A thread that
 * waits in the kernel for a lock or a dead disk outlives a SIGKILL, and with it
 * every descriptor that the process has: a pipe to the keeper would stay open for as
 * long, which is forever where the lock's holder waits for an answer from a server.
 *
 * So its end of the pipe is held by a thread that has no other descriptor, shares none, and
 * waits for nothing else: that one dies at once.
 */
#ifndef LSL_LIFELINE_H
#define LSL_LIFELINE_H

/*
 * Gives FD, a pipe's writing end, to such a thread; it is closed for all others. The
 * thread ends when the reader does. A negative errno, and FD is as it was.
 */
int lifeline_hold(int fd);

#endif
