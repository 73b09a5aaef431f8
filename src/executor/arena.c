/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * Enough for the largest record, some paths and an ordinary environment.
 * Untouched, it costs nothing.
 */
#define BLOCK_SIZE ((size_t)128 * 1024)

/*
 * A common symbol, because the linker places these after all other
 * uninitialized data. So the block begins in the page that the C library's
 * start-up has already touched.
 */
__attribute__((common)) alignas(void *) char arena_block[BLOCK_SIZE];

/*
 * Set at first use: pointers in initialized data would have to be relocated at
 * start-up.
 */
static char *start, *end, *last;

/* Fixed words, because the process may still have privilege (main.c). */
static _Noreturn void fail_without_memory(void)
{
	static const char words[] = "lslExecutor: not enough memory\n";
	ssize_t written = write(STDERR_FILENO, words, sizeof(words) - 1);

	/* The result of the write changes nothing now. */
	(void)written;
	_exit(125);
}

static void *take_piece(size_t size)
{
	last = start;
	start += size;
	return last;
}

void *arena_alloc(size_t size)
{
	size_t misaligned;
	void *more;

	if (!start) {
		start = arena_block;
		end = arena_block + BLOCK_SIZE;
	}
	misaligned = (uintptr_t)start % alignof(void *);
	if (misaligned && (size_t)(end - start) > alignof(void *))
		start += alignof(void *) - misaligned;
	if (size <= (size_t)(end - start))
		return take_piece(size);
	more = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (more == MAP_FAILED)
		fail_without_memory();
	start = more;
	end = start + size;
	return take_piece(size);
}

void arena_trim(const void *piece, size_t size)
{
	if (piece == last)
		start = last + size;
}
