/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory of lslExecutor: taken piece by piece from one block and never given
 * back, since the next exec does that. Pieces lie close together because each
 * page that is touched for the first time costs as much as several system
 * calls, and what a command needs fits into one page; malloc(3) would touch
 * three. Paths belong here and not on the stack, whose limit the caller
 * chooses.
 */
#ifndef LSL_ARENA_H
#define LSL_ARENA_H

#include <stddef.h>

/*
 * Room for SIZE bytes, aligned for pointers, which stays where it is. It costs
 * nothing until it is touched. Without memory the process ends, with a message
 * and exit status 125: there is nothing else that any caller could do.
 */
void *arena_alloc(size_t size);

/*
 * Gives back all but the first SIZE bytes of PIECE, if nothing has been taken
 * since.
 */
void arena_trim(const void *piece, size_t size);

#endif
