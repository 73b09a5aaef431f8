/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Directories to be read, opened by descriptors. */
#ifndef LSL_DIRSTREAM_H
#define LSL_DIRSTREAM_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/*
 * The stream of FD, which it closes on failure. NULL and errno, which a
 * negative FD leaves as it is.
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

/* The directory NAME of DIR, which is no symbolic link. NULL and errno. */
static inline DIR *dirstream_open(int dir, const char *name)
{
	return dirstream_of(openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

#endif
