/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory of lslExecutor: taken piece by piece from one block and never given
 * back, since the next exec does that. Pieces lie close together because each page that is
 * touched for the first time costs as much as several system calls, and
 * what a command needs fits into one page; malloc(3) would touch three.
 */
#ifndef LSL_ARENA_H
#define LSL_ARENA_H

#include <stddef.h>

/*
 * Room for SIZE bytes, aligned for pointers; it stays where it is, but is the
 * next caller's too until it is taken. Without memory the process ends, with a message and
 * exit status 125: there is nothing else that any caller could do.
 */
void *arena_room(size_t size);

/* Takes the first SIZE bytes of what arena_room returned last. */
void arena_take(size_t size);

/* Room for SIZE bytes, taken. */
void *arena_alloc(size_t size);

#endif
