/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory of lslExecutor: taken piece by piece from one block and never given
 * back, since the next exec does that. Pieces are adjacent, because each newly
 * touched page costs as much as several system calls, and the memory for a
 * command fits into one page; malloc(3) would touch three. Paths belong here
 * and not on the stack, whose limit the caller chooses.
 */
#ifndef LSL_ARENA_H
#define LSL_ARENA_H

#include <stddef.h>

/*
 * Returns SIZE bytes, aligned for pointers, which are never moved. They cost
 * nothing until they are touched. Without memory the process ends, with a
 * message and exit status 125, because no caller could do anything else.
 */
void *arena_alloc(size_t size);

/*
 * Gives back all but the first SIZE bytes of PIECE, unless another piece was
 * taken after it.
 */
void arena_trim(const void *piece, size_t size);

#endif
