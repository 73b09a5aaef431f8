/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "etc/hostfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "files/hostpath.h"

/*
 * Reads FD, a regular file, to its end. Its size does not count: files of /proc
 * have size 0.
 */
static int read_stream(int fd, size_t max, struct rootfile *file)
{
	size_t room = 4096;
	char *more;
	ssize_t n = 1;

	while (n != 0) {
		if (file->len + 1 >= room || !file->bytes) {
			room = file->bytes ? 2 * room : room;
			more = realloc(file->bytes, room);
			if (!more)
				return -ENOMEM;
			file->bytes = more;
		}
		n = read(fd, file->bytes + file->len, room - 1 - file->len);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			file->len += (size_t)n;
		if (file->len > max)
			return -EFBIG;
	}
	file->bytes[file->len] = '\0';
	file->kind = ROOTFILE_REGULAR;
	return 0;
}

int hostfile_read(const char *path, size_t max, struct rootfile *file)
{
	/* Of a device or a fifo an open may have effects, or wait. */
	int status, fd = hostpath_open(path, NULL);
	char again[64];

	*file = (struct rootfile){.kind = ROOTFILE_NONE};
	if (fd < 0)
		return fd;
	if (fstat(fd, &file->st) < 0)
		status = -errno;
	else if (S_ISDIR(file->st.st_mode))
		status = -EISDIR;
	else
		status = S_ISREG(file->st.st_mode) ? 0 : -EINVAL;
	if (status == 0) {
		snprintf(again, sizeof(again), "/proc/self/fd/%d", fd);
		status = open(again, O_RDONLY | O_CLOEXEC);
		close(fd);
		fd = status;
		status = fd < 0 ? -errno : read_stream(fd, max, file);
	}
	if (fd >= 0)
		close(fd);
	if (status < 0)
		rootfile_clear(file);
	return status;
}

int hostfile_read_text(const char *path, size_t max, char **text)
{
	struct rootfile file;
	int status = hostfile_read(path, max, &file);

	*text = status == 0 ? file.bytes : NULL;
	return status;
}
