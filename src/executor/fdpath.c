/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fdpath.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

/* Writes "/proc/self/fd/N" to PATH, without stdio. */
static void write_link(int fd, char path[32])
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

bool fdpath_take(int fd, char path[PATH_MAX])
{
	char proc[32];
	ssize_t len;

	if (fd < 0)
		return false;
	write_link(fd, proc);
	len = readlink(proc, path, PATH_MAX - 1);
	close(fd);
	path[len < 0 ? 0 : len] = '\0';
	return len >= 0;
}
