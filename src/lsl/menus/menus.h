/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process that updates the host's menus: for each container that shares its
 * applications it starts another process, which reads them (menureader.h). Each
 * has an id that no other process has, no capability, and writes below
 * PATH_SHAREDIR only. "lsl refresh --follow" forks the process before it gives
 * up its privileges, and tells it which containers are started.
 */
#ifndef LSL_MENUS_H
#define LSL_MENUS_H

#include <stdbool.h>

#include "started/instance.h"

struct menus {
	int socket; /* -1: there is no such process */
	bool is_needed; /* a container was announced */
	unsigned int list; /* the number of the present list */
	bool is_behind; /* a message of it was not taken */
};

/*
 * Forks the process; SECCOMP: it loads its own system call filter. It ends when
 * the socket is closed, and leaves no entry behind. Returns 0 or a negative
 * errno; then nothing is in the menus, and the other functions do nothing.
 */
int menus_start(struct menus *menus, bool seccomp);

/*
 * Announces a started container. Containers that were not announced before
 * menus_told are treated as stopped. Neither waits for the process, because a
 * user can hold the lock of a directory of the menus (unlisted.h). False: the
 * process has not read for long, and did not take the list. Announce all
 * containers again later.
 */
void menus_tell(struct menus *menus, const struct instance *instance);
bool menus_told(struct menus *menus);

/* Lets it end. */
void menus_end(struct menus *menus);

#endif
