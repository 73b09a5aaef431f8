/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "inside.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "fdpath.h"
#include "pathnames.h"
#include "place.h"
#include "syscalls.h"

static bool is_same_inode(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* As for execvp(3): a regular file that the caller may execute. */
static bool is_executable(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/*
 * Whether A and B, which end in the same name, are in the same directory. Cuts
 * the name off both.
 */
static bool is_same_directory(char *a, const char *b)
{
	size_t len = (size_t)(strrchr(b, '/') - b) + 1;
	char *directory = memcpy(arena_alloc(len + 1), b, len);
	struct stat a_st, b_st;

	directory[len] = '\0';
	*(strrchr(a, '/') + 1) = '\0';
	return stat(a, &a_st) == 0 && stat(directory, &b_st) == 0 && is_same_inode(&a_st, &b_st);
}

bool inside_is_found(const char *name, const char *path, const char *file)
{
	size_t len, name_len = strlen(name);
	char *candidate;

	for (; path; path = path[len] ? path + len + 1 : NULL) {
		len = strcspn(path, ":");
		candidate = arena_alloc(len + name_len + sizeof("./"));
		memcpy(candidate, path, len);
		/* An empty element is the working directory. */
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

/* Opens PATH as from the host's root. An fd or -1. */
static int open_on_host(const char *path)
{
	static const struct lsl_open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = LSL_RESOLVE_IN_ROOT,
	};
	int root = open(PATH_OLDROOT, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd = sys_openat2(root, path, &how);

	if (root >= 0)
		close(root);
	return fd;
}

bool inside_is_file(const char *path, const struct stat *file)
{
	struct stat st;

	return stat(path, &st) == 0 && is_same_inode(&st, file);
}

/*
 * The path of FILE without links if PATH leads to FILE from the host's root;
 * else NULL.
 */
static const char *real_name(const char *path, const struct stat *file)
{
	char *name = arena_alloc(PATH_MAX);

	return fdpath_take(open_on_host(path), name) && inside_is_file(name, file) ? name : NULL;
}

const char *inside_path(const char *path, const struct stat *file)
{
	const char *name = place_below_old_root(path);

	return inside_is_file(name, file) ? name : real_name(path, file);
}
