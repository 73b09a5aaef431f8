/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For libFuzzer: any uncompressed manual page afterwards names only pages of
 * its container.
 */
#include "config.h"
#include "sopage.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *copy_of(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1);

	if (!copy)
		abort();
	memcpy(copy, data, size);
	copy[size] = '\0';
	return copy;
}

static void check_lines(const char *bytes, size_t size)
{
	static const char so[] = ".so ";
	const char *end = bytes + size, *line, *next;

	for (line = bytes; line < end; line = next) {
		next = memchr(line, '\n', (size_t)(end - line));
		next = next ? next + 1 : end;
		if (next - line < 4 || memcmp(line, so, 4) != 0)
			continue;
		if (!memmem(line, (size_t)(next - line), "/container:", 11) || line[4] == '/')
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"a.1", "a.1.gz"};
	size_t i, count;
	char *bytes;

	for (i = 0; i < 2; i++) {
		count = size;
		bytes = copy_of(data, size);
		if (sopage_rewrite(&bytes, &count, "container", "1", names[i]) < 0)
			abort();
		/* The end of a large one may be the beginning of a line. */
		if (i == 0 && !memchr(data, '\0', size))
			check_lines(bytes, count);
		free(bytes);
	}
	return 0;
}
