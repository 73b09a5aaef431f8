/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "files/unlisted.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define LISTABLE (S_IRGRP | S_IROTH)

int unlisted_make(int dir)
{
	/* With O_PATH it could not be changed. */
	int status = 0, fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0 ||
	    ((st.st_mode & LISTABLE) && fchmod(fd, st.st_mode & 07777 & ~(mode_t)LISTABLE) < 0))
		status = -errno;
	close(fd);
	return status;
}
