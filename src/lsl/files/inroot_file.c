/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "files/inroot_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inroot.h"

/* Databases of packages have a tenth of that. */
#define TEXT_SIZE_MAX (64L * 1024 * 1024)

int inroot_reopen_regular(int seen)
{
	char again[64];
	struct stat st;
	int fd;

	if (fstat(seen, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(seen);
		return -EINVAL;
	}
	snprintf(again, sizeof(again), "/proc/self/fd/%d", seen);
	fd = open(again, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	close(seen);
	return fd;
}

int inroot_open_regular(int root, const char *path)
{
	int seen = inroot_open(root, path, O_PATH);

	return seen < 0 ? seen : inroot_reopen_regular(seen);
}

FILE *inroot_open_text(int root, const char *path)
{
	int fd = inroot_open_regular(root, path);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	struct stat st;

	if (fd < 0)
		errno = -fd;
	else if (!file)
		close(fd);
	if (!file || (fstat(fd, &st) == 0 && st.st_size <= TEXT_SIZE_MAX))
		return file;
	fclose(file);
	errno = EFBIG;
	return NULL;
}
