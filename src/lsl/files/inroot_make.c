/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "files/inroot_make.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inroot.h"

/*
 * Replaces *DIR by its PATH-th directory: PATH is all of the path from ROOT,
 * NAME its last component.
 */
static int descend_or_make(int root, const char *path, const char *name, int *dir)
{
	int fd = inroot_open_below(root, path, O_PATH | O_DIRECTORY, true);

	if (fd == -ENOENT) {
		if (mkdirat(*dir, name, 0755) < 0)
			return -errno;
		fd = inroot_open_below(root, path, O_PATH | O_DIRECTORY, true);
	}
	if (fd < 0)
		return fd;
	close(*dir);
	*dir = fd;
	return 0;
}

int inroot_make_dir_here(int root, const char *path)
{
	char prefix[PATH_MAX];
	int dir, status = 0;
	size_t start, end = 0;

	if (strlen(path) >= sizeof(prefix))
		return -ENAMETOOLONG;
	strcpy(prefix, path);
	dir = inroot_open_below(root, "/", O_PATH | O_DIRECTORY, true);
	if (dir < 0)
		return dir;
	while (status == 0 && path[start = end + strspn(path + end, "/")]) {
		end = start + strcspn(path + start, "/");
		prefix[end] = '\0';
		status = descend_or_make(root, prefix, prefix + start, &dir);
		/* cppcheck-suppress unreadVariable; the next round reads it */
		prefix[end] = path[end];
	}
	if (status == 0)
		return dir;
	close(dir);
	return status;
}

int inroot_make_dir(int root, const char *path)
{
	int fd = inroot_open(root, path, O_PATH | O_DIRECTORY);

	return fd == -ENOENT ? inroot_make_dir_here(root, path) : fd;
}

int inroot_make_file(int root, const char *path)
{
	char parent[PATH_MAX];
	int dir, fd = inroot_open(root, path, O_PATH | O_NOFOLLOW);
	char *base;

	if (fd != -ENOENT)
		return fd;
	strcpy(parent, path);
	base = strrchr(parent, '/');
	if (!base)
		return -EINVAL;
	*base++ = '\0';
	dir = inroot_make_dir_here(root, parent);
	if (dir < 0)
		return dir;
	fd = openat(dir, base, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd >= 0) {
		close(fd);
		fd = openat(dir, base, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	}
	if (fd < 0)
		fd = -errno;
	close(dir);
	return fd;
}
