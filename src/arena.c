/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <sys/mman.h>

/* Enough for the largest record, some paths and an ordinary environment. Untouched, it costs nothing. */
#define BLOCK_SIZE ((size_t)128 * 1024)

static alignas(void *) char block[BLOCK_SIZE];
static char *start = block;
static char *end = block + BLOCK_SIZE;

void *arena_room(size_t size)
{
	size_t misaligned = (uintptr_t)start % alignof(void *);
	void *more;

	if (misaligned && (size_t)(end - start) > alignof(void *))
		start += alignof(void *) - misaligned;
	if (size <= (size_t)(end - start))
		return start;
	more = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (more == MAP_FAILED)
		return NULL;
	start = more;
	end = start + size;
	return start;
}

void arena_take(size_t size)
{
	start += size;
}
