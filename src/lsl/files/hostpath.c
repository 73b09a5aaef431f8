/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "files/hostpath.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/emptygroup.h"
#include "files/pathtext.h"
#include "pathrest.h"

struct host_walk {
	struct account_roots roots;
	int here; /* an O_PATH fd */
	/* only root can change the directories so far */
	bool is_roots;
	char *place; /* of here, without links; "" is the root */
	struct pathrest rest;
};

/* Makes FD the current directory of the walk. Takes over FD. */
static int arrive(struct host_walk *walk, int fd)
{
	struct stat st;

	if (walk->here >= 0)
		close(walk->here);
	walk->here = fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (S_ISLNK(st.st_mode))
		return -ELOOP;
	walk->is_roots = walk->is_roots && emptygroup_trusts(&walk->roots, fd, &st);
	return 0;
}

static int go_to_root(struct host_walk *walk)
{
	int fd = openat(walk->roots.list[0], "/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	walk->place[0] = '\0';
	return fd < 0 ? -errno : arrive(walk, fd);
}

static int go_up(struct host_walk *walk)
{
	int fd;

	/* A user can move the directory, so the one above it is unknown. */
	if (!walk->is_roots)
		return -ELOOP;
	path_go_up(walk->place);
	fd = openat(walk->here, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : arrive(walk, fd);
}

/* The link NAME is followed if nobody but root could have made it. */
static int follow_component(struct host_walk *walk, const char *name)
{
	int status;

	if (!walk->is_roots) {
		(void)path_append(walk->place, name);
		return -ELOOP;
	}
	status = pathrest_follow(&walk->rest, walk->here, name);
	return status == PATHREST_ABSOLUTE ? go_to_root(walk) : status;
}

static bool is_link(const struct host_walk *walk, const char *name)
{
	struct stat st;

	return fstatat(walk->here, name, &st, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) == 0 &&
	       S_ISLNK(st.st_mode);
}

static int go_into(struct host_walk *walk, const char *name, bool is_last)
{
	/*
	 * autofs mounts a component that is not the last one only if a
	 * directory is asked for.
	 */
	int fd = openat(walk->here, name,
			O_PATH | O_NOFOLLOW | O_CLOEXEC | (is_last ? 0 : O_DIRECTORY));

	if (fd < 0)
		return errno == ENOTDIR && is_link(walk, name) ? -ELOOP : -errno;
	if (!path_append(walk->place, name)) {
		close(fd);
		return -ENAMETOOLONG;
	}
	return arrive(walk, fd);
}

static int take_step(struct host_walk *walk)
{
	char name[NAME_MAX + 1];
	struct stat st;
	int status = pathrest_take(&walk->rest, name);

	if (status < 0 || !*name || strcmp(name, ".") == 0)
		return status;
	if (strcmp(name, "..") == 0)
		return go_up(walk);
	if (fstatat(walk->here, name, &st, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) < 0)
		return -errno;
	/* If a link replaces it meanwhile, arrive notices that. */
	if (S_ISLNK(st.st_mode))
		return follow_component(walk, name);
	return go_into(walk, name, pathrest_is_end(&walk->rest));
}

static int walk_to_end(struct host_walk *walk)
{
	int status = go_to_root(walk);

	while (status == 0 && !pathrest_is_end(&walk->rest))
		status = take_step(walk);
	if (!*walk->place)
		strcpy(walk->place, "/");
	if (status == 0)
		return walk->here;
	if (walk->here >= 0)
		close(walk->here);
	return status;
}

int hostpath_open(const char *path, struct hostpath *hostpath)
{
	struct hostpath own;
	struct host_walk walk = {
		.roots = {.count = 1},
		.here = -1,
		.is_roots = true,
		.place = hostpath ? hostpath->place : own.place,
	};
	int status = pathrest_begin(&walk.rest, path);

	if (status < 0)
		return status;
	walk.roots.list[0] = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (walk.roots.list[0] < 0)
		return -errno;
	status = walk_to_end(&walk);
	close(walk.roots.list[0]);
	return status;
}
