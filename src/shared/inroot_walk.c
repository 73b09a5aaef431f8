/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "inroot_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mountinfo.h"
#include "pathrest.h"

/* The greatest depth of a path of PATH_MAX bytes. */
#define DEPTH_MAX (PATH_MAX / 2)

/*
 * The position of a walk: fds of the directories from below the root to here.
 * ".." goes back to the directory that was entered. It never uses the file
 * system's "..", which may lead out of the root after a rename.
 */
struct walk {
	int root;
	bool same_mount;
	uint64_t mount; /* root's id, where same_mount */
	int depth;
	int dirs[DEPTH_MAX];
	struct pathrest rest;
};

static int walk_here(const struct walk *walk)
{
	return walk->depth ? walk->dirs[walk->depth - 1] : walk->root;
}

static void walk_up(struct walk *walk, int depth)
{
	while (walk->depth > depth)
		close(walk->dirs[--walk->depth]);
}

/* Puts the target of the link NAME before the rest of the path. */
static int walk_link(struct walk *walk, const char *name)
{
	int status = pathrest_follow(&walk->rest, walk_here(walk), name);

	if (status == PATHREST_ABSOLUTE)
		walk_up(walk, 0);
	return status < 0 ? status : 0;
}

/*
 * Returns FD. If it is on a mount that is not allowed, closes it and returns a
 * negative errno.
 */
static int walk_check(const struct walk *walk, int fd)
{
	uint64_t id = 0;
	int status;

	if (fd < 0)
		return -errno;
	if (!walk->same_mount)
		return fd;
	status = mountinfo_id(fd, &id);
	if (status == 0 && id == walk->mount)
		return fd;
	close(fd);
	return status < 0 ? status : -EXDEV;
}

static int walk_into(struct walk *walk, const char *name)
{
	int fd;

	if (walk->depth == DEPTH_MAX)
		return -ENAMETOOLONG;
	fd = walk_check(walk, openat(walk_here(walk), name,
				     O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
	if (fd < 0)
		return fd;
	walk->dirs[walk->depth++] = fd;
	return 0;
}

/*
 * Opens the end of the path, called NAME, unless it is a link to follow: then
 * -EAGAIN.
 */
static int walk_end(struct walk *walk, const char *name, int flags)
{
	struct stat st;

	if (!(flags & O_NOFOLLOW) &&
	    fstatat(walk_here(walk), name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode))
		return -EAGAIN;
	return walk_check(walk, openat(walk_here(walk), name, flags | O_NOFOLLOW | O_CLOEXEC));
}

/*
 * One component: 0 to go on, an fd + 1 at the end of the path, or a negative
 * errno.
 */
static int walk_step(struct walk *walk, int flags)
{
	char name[NAME_MAX + 1];
	struct stat st;
	bool is_last;
	int status = pathrest_take(&walk->rest, name);

	if (status < 0)
		return status;
	is_last = pathrest_is_end(&walk->rest);
	if (strcmp(name, "..") == 0 && walk->depth) {
		/*
		 * As in the kernel, ".." needs the right to search the
		 * directory that it leaves.
		 */
		if (fstatat(walk_here(walk), ".", &st, 0) < 0)
			return -errno;
		walk_up(walk, walk->depth - 1);
	}
	if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
		if (!is_last)
			return 0;
		status = openat(walk_here(walk), ".", flags | O_CLOEXEC);
		return status < 0 ? -errno : status + 1;
	}

	if (is_last) {
		/* Before a slash it is a directory or a link to one. */
		status = walk_end(walk, name,
				  walk->rest.text[0] ? (flags & ~O_NOFOLLOW) | O_DIRECTORY : flags);
		if (status != -EAGAIN)
			return status < 0 ? status : status + 1;
		return walk_link(walk, name);
	}
	if (fstatat(walk_here(walk), name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	return S_ISLNK(st.st_mode) ? walk_link(walk, name) : walk_into(walk, name);
}

int inroot_walk(int root, const char *path, int flags, bool same_mount)
{
	struct walk walk = {.root = root, .same_mount = same_mount};
	int status = same_mount ? mountinfo_id(root, &walk.mount) : 0;

	if (!*path)
		return -ENOENT;
	if (status == 0)
		status = pathrest_begin(&walk.rest, path);
	while (status == 0)
		status = walk_step(&walk, flags);
	walk_up(&walk, 0);
	return status < 0 ? status : status - 1;
}
