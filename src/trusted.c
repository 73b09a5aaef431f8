/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "trusted.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

bool trusted_stat(const struct stat *st)
{
	return st->st_uid == 0 && !(st->st_mode & (S_IWGRP | S_IWOTH));
}

static int check_directory(int fd, bool is_last)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (trusted_stat(&st))
		return 0;
	if (!is_last && st.st_uid == 0 && (st.st_mode & S_ISVTX))
		return 0;
	return -EPERM;
}

/* Replaces *FD by the directory NAME in it. */
static int descend(int *fd, const char *name)
{
	int next = openat(*fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int err = errno;
	struct stat st;

	if (next < 0) {
		/* With O_DIRECTORY a link is ENOTDIR as any other file is. */
		if (err == ENOTDIR && fstatat(*fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISLNK(st.st_mode))
			err = ELOOP;
		return -err;
	}
	close(*fd);
	*fd = next;
	return 0;
}

int trusted_open_dir(const char *path)
{
	char component[NAME_MAX + 1];
	int fd, status;
	size_t len;

	if (path[0] != '/')
		return -EINVAL;
	fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;

	for (;;) {
		path += strspn(path, "/");
		status = check_directory(fd, !*path);
		if (status < 0 || !*path)
			break;

		len = strcspn(path, "/");
		if (len > NAME_MAX) {
			status = -ENAMETOOLONG;
			break;
		}
		memcpy(component, path, len);
		component[len] = '\0';
		path += len;
		status = descend(&fd, component);
		if (status < 0)
			break;
	}

	if (status < 0) {
		close(fd);
		return status;
	}
	return fd;
}
