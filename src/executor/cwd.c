/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cwd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arena.h"

/*
 * AT_EMPTY_PATH, unlike ".", needs no permission to search the directory. The
 * path is not a literal, because the kernel would read no other constant of the
 * program, and the first access to a page costs as much as three calls.
 */
static int stat_here(struct stat *st)
{
	char here[] = "";

	return fstatat(AT_FDCWD, here, st, AT_EMPTY_PATH) < 0 ? -errno : 0;
}

static bool is_cwd(const struct cwd *cwd, const struct stat *st)
{
	return st->st_dev == cwd->dev && st->st_ino == cwd->ino;
}

/*
 * The path that getcwd(2) returns. The library's function would link malloc(3).
 */
static int read_cwd(struct cwd *cwd)
{
	char *path = arena_alloc(PATH_MAX);

	if (syscall(SYS_getcwd, path, (size_t)PATH_MAX) < 0)
		return errno == ERANGE ? -ENAMETOOLONG : -errno;
	/* "(unreachable)": the directory is not below the root. */
	if (path[0] != '/')
		return -ENOENT;
	arena_trim(path, strlen(path) + 1);
	cwd->path = path;
	return 0;
}

static int remember_here(struct cwd *cwd)
{
	struct stat st = {0};
	int status = read_cwd(cwd);

	if (status == 0)
		status = stat_here(&st);
	cwd->dev = st.st_dev;
	cwd->ino = st.st_ino;
	return status;
}

int cwd_remember(struct cwd *cwd)
{
	cwd->status = remember_here(cwd);
	return cwd->status;
}

static int try_path(const struct cwd *cwd, const char *path)
{
	struct stat st;
	int status;

	if (chdir(path) < 0)
		return -errno;
	status = stat_here(&st);
	if (status == 0 && !is_cwd(cwd, &st))
		status = -ENOENT;
	return status;
}

int cwd_restore(struct cwd *cwd, const char *const *paths, size_t count)
{
	int failed, status = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		failed = try_path(cwd, paths[i]);
		if (failed == 0)
			return read_cwd(cwd);
		/*
		 * If no path leads there, an error other than ENOENT says more.
		 */
		if (status == 0 || failed != -ENOENT)
			status = failed;
	}
	return status;
}

bool cwd_is(const struct cwd *cwd, const char *path)
{
	struct stat st;

	if (strcmp(path, cwd->path) == 0)
		return true;
	return path[0] == '/' && stat(path, &st) == 0 && is_cwd(cwd, &st);
}
