/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fdpath.h"

#include <stddef.h>
#include <string.h>

void fdpath_write(int fd, char path[FDPATH_SIZE])
{
	static const char prefix[] = "/proc/self/fd/";
	char digits[12];
	size_t count = 0, len = sizeof(prefix) - 1;

	memcpy(path, prefix, len);
	do
		digits[count++] = (char)('0' + fd % 10);
	while ((fd /= 10) > 0);
	while (count > 0)
		path[len++] = digits[--count];
	path[len] = '\0';
}
