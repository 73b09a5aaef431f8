/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens directories for reading, by descriptors. */
#ifndef LSL_DIRSTREAM_H
#define LSL_DIRSTREAM_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/*
 * Returns a stream of FD. On failure closes FD and returns NULL with errno; a
 * negative FD leaves errno unchanged.
 */
static inline DIR *dirstream_of(int fd)
{
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	int err = errno;

	if (!dir && fd >= 0)
		close(fd);
	errno = err;
	return dir;
}

/*
 * Opens the directory NAME in DIR, unless it is a symbolic link. NULL with
 * errno on failure.
 */
static inline DIR *dirstream_open(int dir, const char *name)
{
	return dirstream_of(openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

/* Whether that directory is empty: 1 or 0, or a negative errno. */
static inline int dirstream_is_empty(int dir, const char *name)
{
	DIR *stream = dirstream_open(dir, name);
	int err, count = 0;

	if (!stream)
		return -errno;
	errno = 0;
	while (readdir(stream))
		count++;
	err = errno;
	closedir(stream);
	return err ? -err : count <= 2;
}

#endif
