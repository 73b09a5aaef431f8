/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "inroot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "syscalls.h"

/* As many as the kernel follows, path_resolution(7). */
#define LINKS_MAX 40

/* Databases of packages have a tenth of that. */
#define TEXT_SIZE_MAX (64L * 1024 * 1024)

/* As deep as a path of PATH_MAX bytes can lead. */
#define DEPTH_MAX (PATH_MAX / 2)

/*
 * Where a walk is: fds of the directories from below the root to here. ".."
 * goes back to the one that was entered, never by the file system's own "..",
 * which a rename could have turned towards the outside.
 */
struct walk {
	int root;
	bool same_mount;
	uint64_t mount; /* root's id, where same_mount */
	int depth;
	int links;
	int dirs[DEPTH_MAX];
	char rest[2 * PATH_MAX]; /* what is still to be walked */
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

/* Puts the target of the link NAME in front of what is left, which is nothing or begins with '/'. */
static int walk_link(struct walk *walk, const char *name)
{
	char target[PATH_MAX];
	size_t rest_len = strlen(walk->rest);
	ssize_t len = readlinkat(walk_here(walk), name, target, sizeof(target));

	if (len < 0)
		return -errno;
	if (++walk->links > LINKS_MAX)
		return -ELOOP;
	if ((size_t)len + rest_len >= sizeof(walk->rest))
		return -ENAMETOOLONG;
	if (len && target[0] == '/')
		walk_up(walk, 0);
	memmove(walk->rest + len, walk->rest, rest_len + 1);
	memcpy(walk->rest, target, (size_t)len);
	return 0;
}

static int mount_id(int fd, uint64_t *id)
{
	struct lsl_statx st;

	if (sys_statx(fd, "", AT_EMPTY_PATH | LSL_AT_STATX_DONT_SYNC, LSL_STATX_MNT_ID, &st) < 0)
		return -errno;
	*id = st.stx_mnt_id;
	return 0;
}

/* FD, or a negative errno with FD closed where it is on another mount than it may be. */
static int walk_check(const struct walk *walk, int fd)
{
	uint64_t id = 0;
	int status;

	if (fd < 0)
		return -errno;
	if (!walk->same_mount)
		return fd;
	status = mount_id(fd, &id);
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

/* Opens the end of the path, called NAME, unless it is a link to follow: then -EAGAIN. */
static int walk_end(struct walk *walk, const char *name, int flags)
{
	struct stat st;

	if (!(flags & O_NOFOLLOW) &&
	    fstatat(walk_here(walk), name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode))
		return -EAGAIN;
	return walk_check(walk, openat(walk_here(walk), name, flags | O_NOFOLLOW | O_CLOEXEC));
}

/* Cuts the first component off what is left. */
static int walk_component(struct walk *walk, char name[NAME_MAX + 1])
{
	size_t start = strspn(walk->rest, "/");
	size_t len = strcspn(walk->rest + start, "/");

	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(name, walk->rest + start, len);
	name[len] = '\0';
	start += len;
	memmove(walk->rest, walk->rest + start, strlen(walk->rest + start) + 1);
	return 0;
}

/* One component: 0 to go on, an fd + 1 at the end of the path, or a negative errno. */
static int walk_step(struct walk *walk, int flags)
{
	char name[NAME_MAX + 1];
	struct stat st;
	bool is_last;
	int status = walk_component(walk, name);

	if (status < 0)
		return status;
	is_last = walk->rest[strspn(walk->rest, "/")] == '\0';
	if (strcmp(name, "..") == 0 && walk->depth) {
		/* As the kernel does, only with the right to search what is left. */
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
		/* With a slash after it, it is a directory or a link to one. */
		status = walk_end(walk, name,
				  walk->rest[0] ? (flags & ~O_NOFOLLOW) | O_DIRECTORY : flags);
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
	int status = same_mount ? mount_id(root, &walk.mount) : 0;

	if (!*path)
		return -ENOENT;
	if (strlen(path) >= PATH_MAX)
		return -ENAMETOOLONG;
	strcpy(walk.rest, path);
	while (status == 0)
		status = walk_step(&walk, flags);
	walk_up(&walk, 0);
	return status < 0 ? status : status - 1;
}

static int open_below(int root, const char *path, int flags, bool same_mount)
{
	struct lsl_open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = LSL_RESOLVE_IN_ROOT | LSL_RESOLVE_NO_MAGICLINKS |
			   (same_mount ? LSL_RESOLVE_NO_XDEV : 0),
	};
	int fd;

	/* EAGAIN: something was renamed meanwhile, so ".." could not be trusted; openat2(2). */
	do
		fd = sys_openat2(root, path, &how);
	while (fd < 0 && (errno == EAGAIN || errno == EINTR));
	if (fd >= 0)
		return fd;
	if (errno == ENOSYS || errno == EPERM)
		return inroot_walk(root, path, flags, same_mount);
	return -errno;
}

int inroot_open(int root, const char *path, int flags)
{
	return open_below(root, path, flags, false);
}

int inroot_open_regular(int root, const char *path)
{
	int fd, seen = inroot_open(root, path, O_PATH);
	char again[64];
	struct stat st;

	if (seen < 0)
		return seen;
	if (fstat(seen, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(seen);
		return -EINVAL;
	}
	snprintf(again, sizeof(again), "/proc/self/fd/%d", seen);
	fd = open(again, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	close(seen);
	return fd;
}

int inroot_open_text(int root, const char *path)
{
	int fd = inroot_open_regular(root, path);
	struct stat st;
	int status = 0;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		status = -errno;
	else if (st.st_size > TEXT_SIZE_MAX)
		status = -EFBIG;
	if (status == 0)
		return fd;
	close(fd);
	return status;
}

int inroot_stat(int root, const char *path, struct stat *st)
{
	int fd = inroot_open(root, path, O_PATH);
	int status = 0;

	if (fd < 0)
		return fd;
	if (fstat(fd, st) < 0)
		status = -errno;
	close(fd);
	return status;
}

/* Replaces *DIR by its PATH-th directory: PATH is all of the path from ROOT, NAME its last component. */
static int descend_or_make(int root, const char *path, const char *name, int *dir)
{
	int fd = open_below(root, path, O_PATH | O_DIRECTORY, true);

	if (fd == -ENOENT) {
		if (mkdirat(*dir, name, 0755) < 0)
			return -errno;
		fd = open_below(root, path, O_PATH | O_DIRECTORY, true);
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
	dir = open_below(root, "/", O_PATH | O_DIRECTORY, true);
	if (dir < 0)
		return dir;
	while (status == 0 && path[start = end + strspn(path + end, "/")]) {
		end = start + strcspn(path + start, "/");
		prefix[end] = '\0';
		status = descend_or_make(root, prefix, prefix + start, &dir);
		/* cppcheck-suppress unreadVariable; the next round reads it, as part of the string */
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
