/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A process and its child, each of which learns of the other's death: a socket
 * between them, which is readable, at its end, when the other end's last holder has died. Until then
 * they can say something to each other: a byte, and another tie with it. See unix(7), SCM_RIGHTS.
 */
#ifndef LSL_TIE_H
#define LSL_TIE_H

#include <stddef.h>

struct tie {
	int fd; /* our end of the socket; -1: none */
	int process; /* whose end the other one is: pidfd_open(2); -1: our parent's, or it cannot be had */
};

#define TIE_NONE ((struct tie){.fd = -1, .process = -1})

/*
 * Forks. Only for a process without threads: what a thread has locked would stay locked
 * in the child. Returns
 *
 *   1 in the parent, whose end is TIE;
 *   0 in the child, whose end is TIE. Of all other descriptors it has 0 to 2 and the COUNT that
 *     are in KEPT, where -1 stands for none;
 *   a negative errno, of socketpair(2) or fork(2): TIE is as it was.
 */
int tie_fork(struct tie *tie, const int *kept, size_t count);

/* Sends a byte, and a copy of WITH, if that is not NULL. A negative errno; -EPIPE: nobody is there. */
int tie_send(const struct tie *tie, const struct tie *with);

/*
 * Receives a byte, which is waited for. 1: *WITH is the tie that came with it, the
 * caller's to cut, or TIE_NONE. 0: the other end is dead. A negative errno.
 */
int tie_receive(const struct tie *tie, struct tie *with);

/* Lets go of it. The other end, if anybody is there, sees that as our death. */
void tie_cut(struct tie *tie);

#endif
