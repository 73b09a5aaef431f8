/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "safepath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

bool safepath_is_root_only(const struct stat *st)
{
	return st->st_uid == 0 && !(st->st_mode & (S_IWGRP | S_IWOTH));
}

/* The position of the walk: PATH is below BASE, and a safe path. */
struct safe_walk {
	int base; /* AT_FDCWD at first, when PATH is absolute */
	size_t len;
	char path[NAME_MAX + 2];
};

/* Whether ST may lead to a safe directory. */
static int check_way(const struct stat *st)
{
	if (S_ISLNK(st->st_mode))
		return -ELOOP;
	if (!S_ISDIR(st->st_mode))
		return -ENOTDIR;
	if (safepath_is_root_only(st) || (st->st_uid == 0 && (st->st_mode & S_ISVTX)))
		return 0;
	return -EPERM;
}

/*
 * The walk may pass this directory. Only root can replace it, so its path stays
 * valid and no fd has to be kept: that would cost three system calls for each
 * directory, in every command.
 */
static int pass(const struct safe_walk *walk)
{
	struct stat st;

	if (fstatat(walk->base, walk->path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	return check_way(&st);
}

static int open_here(const struct safe_walk *walk)
{
	int fd = openat(walk->base, walk->path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int err = errno;
	struct stat st;

	if (fd >= 0)
		return fd;
	/* With O_DIRECTORY a link gives ENOTDIR, like any other file. */
	if (err == ENOTDIR && fstatat(walk->base, walk->path, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISLNK(st.st_mode))
		err = ELOOP;
	return -err;
}

static void leave_base(const struct safe_walk *walk)
{
	if (walk->base != AT_FDCWD)
		close(walk->base);
}

/* Goes on to NAME, from a new base if the path would become too long. */
static int step_to(struct safe_walk *walk, const char *name, size_t len)
{
	int fd;

	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	if (walk->len + 1 + len >= sizeof(walk->path)) {
		fd = open_here(walk);
		if (fd < 0)
			return fd;
		leave_base(walk);
		walk->base = fd;
		walk->len = 0;
	}
	if (walk->len > 0 && walk->path[walk->len - 1] != '/')
		walk->path[walk->len++] = '/';
	memcpy(walk->path + walk->len, name, len);
	walk->len += len;
	walk->path[walk->len] = '\0';
	return 0;
}

static int open_end(const struct safe_walk *walk)
{
	struct stat st;
	int fd = open_here(walk), status = 0;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		status = -errno;
	else if (!safepath_is_root_only(&st))
		status = -EPERM;
	if (status < 0) {
		close(fd);
		return status;
	}
	return fd;
}

int safepath_open_dir(const char *path)
{
	struct safe_walk walk = {AT_FDCWD, 1, "/"};
	int status = 0;
	size_t len;

	if (path[0] != '/')
		return -EINVAL;
	path += strspn(path, "/");
	while (status == 0 && *path) {
		status = pass(&walk);
		len = strcspn(path, "/");
		if (status == 0)
			status = step_to(&walk, path, len);
		path += len;
		path += strspn(path, "/");
	}
	if (status == 0)
		status = open_end(&walk);
	leave_base(&walk);
	return status;
}
