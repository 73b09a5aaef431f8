/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "inside.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "fdpath.h"
#include "pathnames.h"
#include "syscalls.h"

static bool is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* As execvp(3) takes it: a regular file that the caller may execute. */
static bool is_executable(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/*
 * Whether A and B, which end in the same name, lie in the same directory. Cuts
 * both off there.
 */
static bool is_same_directory(char *a, const char *b)
{
	size_t len = (size_t)(strrchr(b, '/') - b) + 1;
	char *directory = memcpy(arena_alloc(len + 1), b, len);
	struct stat a_st, b_st;

	directory[len] = '\0';
	*(strrchr(a, '/') + 1) = '\0';
	return stat(a, &a_st) == 0 && stat(directory, &b_st) == 0 && is_same_file(&a_st, &b_st);
}

bool inside_is_found(const char *name, const char *path, const char *file)
{
	size_t len, name_len = strlen(name);
	char *candidate;

	for (; path; path = path[len] ? path + len + 1 : NULL) {
		len = strcspn(path, ":");
		candidate = arena_alloc(len + name_len + sizeof("./"));
		memcpy(candidate, path, len);
		/* Nothing is the working directory. */
		strcpy(candidate + len, len ? "/" : "./");
		strcat(candidate, name);
		if (strcmp(candidate, file) == 0)
			return true;
		if (is_executable(candidate))
			return is_same_directory(candidate, file);
		arena_trim(candidate, 0);
	}
	return false;
}

/*
 * Opens NAME, which is no symbolic link, in the directory DIR. -ELOOP for a
 * link, and for "..".
 */
static int open_no_link(int dir, const char *name)
{
	int fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return -errno;
	if (strcmp(name, "..") != 0 && fstat(fd, &st) == 0 && !S_ISLNK(st.st_mode))
		return fd;
	close(fd);
	return -ELOOP;
}

/*
 * As open_on_host where openat2(2) is refused, but -ELOOP where a symbolic link
 * or ".." is on the way: they would lead to files of the container. Takes ROOT
 * over.
 */
static int walk_on_host(int root, const char *path)
{
	char *part = strcpy(arena_alloc(strlen(path) + 1), path), *rest;
	int next, fd = root;

	for (; fd >= 0 && *part; part = rest) {
		rest = part + strcspn(part, "/");
		if (*rest)
			*rest++ = '\0';
		if (!*part)
			continue;
		next = open_no_link(fd, part);
		close(fd);
		fd = next;
	}
	return fd;
}

/*
 * Opens PATH, where the host has it. Its absolute links lead from the host's
 * root. An fd or a negative errno.
 */
static int open_on_host(const char *path)
{
	static const struct lsl_open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = LSL_RESOLVE_IN_ROOT,
	};
	int fd, root = open(PATH_OLDROOT, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (root < 0)
		return -errno;
	fd = sys_openat2(root, path, &how);
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return walk_on_host(root, path);
	fd = fd < 0 ? -errno : fd;
	close(root);
	return fd;
}

static bool leads_to_file(const char *path, const struct stat *file)
{
	struct stat st;

	return stat(path, &st) == 0 && is_same_file(&st, file);
}

/* A name of FD, which is open on the FILE that the host calls PATH, or NULL. */
static const char *name_inside(const char *path, int fd, const struct stat *file)
{
	char proc[FDPATH_SIZE], *name;
	ssize_t len;

	if (leads_to_file(path, file))
		return path;
	name = arena_alloc(sizeof(PATH_OLDROOT) + strlen(path));
	strcpy(name, PATH_OLDROOT);
	if (leads_to_file(strcat(name, path), file))
		return name;
	fdpath_write(fd, proc);
	name = arena_alloc(PATH_MAX);
	len = readlink(proc, name, PATH_MAX - 1);
	name[len < 0 ? 0 : len] = '\0';
	return leads_to_file(name, file) ? name : NULL;
}

const char *inside_path(const char *path)
{
	int fd = open_on_host(path);
	const char *name = NULL;
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0)
		name = name_inside(path, fd, &st);
	if (fd >= 0)
		close(fd);
	/* The host does not know it: a descriptor's for example. */
	if (!name && fd != -ELOOP && stat(path, &st) == 0)
		name = path;
	return name;
}
