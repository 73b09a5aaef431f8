/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "hostpath.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "emptygroup.h"
#include "pathnames.h"

struct host_walk {
	struct account_roots roots;
	int here; /* an O_PATH fd */
	/* only root can change the directories so far */
	bool is_roots;
	int links;
	char *place; /* of here, without links; "" is the root */
	char rest[2 * PATH_MAX]; /* the rest of the path */
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
	char *slash = strrchr(walk->place, '/');
	int fd;

	/* A user can move the directory, so the one above it is unknown. */
	if (!walk->is_roots)
		return -ELOOP;
	if (slash)
		*slash = '\0';
	fd = openat(walk->here, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : arrive(walk, fd);
}

/* Puts TARGET, of a link, before the rest of the path. */
static int take_target(struct host_walk *walk, char target[2 * PATH_MAX], size_t len)
{
	if (++walk->links > LINKS_MAX)
		return -ELOOP;
	if (len + 1 + strlen(walk->rest) >= sizeof(walk->rest))
		return -ENAMETOOLONG;
	target[len] = '/';
	strcpy(target + len + 1, walk->rest);
	strcpy(walk->rest, target);
	return target[0] == '/' ? go_to_root(walk) : 0;
}

/* The link NAME is followed if nobody but root could have made it. */
static int follow_component(struct host_walk *walk, const char *name)
{
	size_t end = strlen(walk->place);
	char target[2 * PATH_MAX];
	ssize_t len;

	if (!walk->is_roots) {
		if (end + 1 + strlen(name) < PATH_MAX) {
			walk->place[end] = '/';
			strcpy(walk->place + end + 1, name);
		}
		return -ELOOP;
	}
	len = readlinkat(walk->here, name, target, PATH_MAX);
	return len < 0 ? -errno : take_target(walk, target, (size_t)len);
}

static bool is_link(const struct host_walk *walk, const char *name)
{
	struct stat st;

	return fstatat(walk->here, name, &st, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) == 0 &&
	       S_ISLNK(st.st_mode);
}

static int go_into(struct host_walk *walk, const char *name, bool is_last)
{
	size_t end = strlen(walk->place);
	/*
	 * autofs mounts a component that is not the last one only if a
	 * directory is asked for.
	 */
	int fd = openat(walk->here, name,
			O_PATH | O_NOFOLLOW | O_CLOEXEC | (is_last ? 0 : O_DIRECTORY));

	if (fd < 0)
		return errno == ENOTDIR && is_link(walk, name) ? -ELOOP : -errno;
	if (end + 1 + strlen(name) >= PATH_MAX) {
		close(fd);
		return -ENAMETOOLONG;
	}
	walk->place[end] = '/';
	strcpy(walk->place + end + 1, name);
	return arrive(walk, fd);
}

/* Removes the first component from the rest of the path. */
static int take_component(struct host_walk *walk, char name[NAME_MAX + 1])
{
	size_t len = strcspn(walk->rest, "/");

	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(name, walk->rest, len);
	name[len] = '\0';
	len += strspn(walk->rest + len, "/");
	memmove(walk->rest, walk->rest + len, strlen(walk->rest + len) + 1);
	return 0;
}

static int take_step(struct host_walk *walk)
{
	char name[NAME_MAX + 1];
	struct stat st;
	int status = take_component(walk, name);

	if (status < 0 || !*name || strcmp(name, ".") == 0)
		return status;
	if (strcmp(name, "..") == 0)
		return go_up(walk);
	if (fstatat(walk->here, name, &st, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) < 0)
		return -errno;
	/* If a link replaces it meanwhile, arrive notices that. */
	if (S_ISLNK(st.st_mode))
		return follow_component(walk, name);
	return go_into(walk, name, !*walk->rest);
}

static int walk_to_end(struct host_walk *walk)
{
	int status = go_to_root(walk);

	while (status == 0 && *walk->rest)
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
	int status;

	if (strlen(path) >= PATH_MAX)
		return -ENAMETOOLONG;
	strcpy(walk.rest, path + strspn(path, "/"));
	walk.roots.list[0] = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (walk.roots.list[0] < 0)
		return -errno;
	status = walk_to_end(&walk);
	close(walk.roots.list[0]);
	return status;
}
