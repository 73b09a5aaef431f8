/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "search.h"

#include <errno.h>
#include <string.h>

#include "command.h"
#include "pathnames.h"

/* Where to look, and how. */
struct look {
	search_stat *stat;
	int root;
};

bool search_is_program(const struct stat *st)
{
	return S_ISREG(st->st_mode) && (st->st_mode & (S_IXUSR | S_IXGRP | S_IXOTH));
}

struct search_executor search_find_executor(search_stat *stat, int root)
{
	struct stat st;

	if (stat(root, PATH_EXECUTOR_LINK, &st) < 0)
		return (struct search_executor){0, 0};
	return (struct search_executor){st.st_dev, st.st_ino};
}

bool search_is_executor(const struct search_executor *executor, const struct stat *st)
{
	return executor->ino && st->st_ino == executor->ino && st->st_dev == executor->dev;
}

static bool leads_to_executor(const struct look *look, const struct stat *st)
{
	struct search_executor executor = search_find_executor(look->stat, look->root);

	return search_is_executor(&executor, st);
}

/*
 * 0: PATH is a program. -EACCES: it is a file that cannot be executed or
 * examined. -ENOENT: anything else.
 */
static int probe(const struct look *look, const char *path)
{
	struct stat st;
	int status = look->stat(look->root, path, &st);

	if (status == 0 && search_is_program(&st))
		return leads_to_executor(look, &st) ? -ENOENT : 0;
	if (status == -EACCES || (status == 0 && S_ISREG(st.st_mode)))
		return -EACCES;
	return -ENOENT;
}

/*
 * Tries PROGRAM in BIN, first as an entry of a directory. If that fails with
 * ENOTDIR, BIN is a single file and itself the program.
 */
static int find_in(const struct look *look, const char *bin, const char *program, char *path,
		   size_t size)
{
	size_t dir_len = strlen(bin), len = strlen(program);
	int status;

	if (dir_len + 1 + len + 1 > size)
		return -ENAMETOOLONG;
	memcpy(path, bin, dir_len);
	path[dir_len] = '/';
	memcpy(path + dir_len + 1, program, len + 1);
	status = probe(look, path);
	if (status == -ENOENT && strcmp(path_base(bin), program) == 0) {
		path[dir_len] = '\0';
		status = probe(look, path);
	}
	return status;
}

int search_find(search_stat *stat, int root, struct record_list bins, const char *program,
		char *path, size_t size)
{
	const struct look look = {stat, root};
	const char *bin, *refused = NULL;
	int status, none = -ENOENT;

	for (bin = bins.first; bin != bins.end; bin = record_next(bin)) {
		status = find_in(&look, bin, program, path, size);
		if (status == 0)
			return 0;
		if (status == -ENAMETOOLONG)
			none = status;
		if (status == -EACCES && !refused)
			refused = bin;
	}
	if (!refused)
		return none;
	/* PATH has to name the file that exists. */
	return find_in(&look, refused, program, path, size) == 0 ? 0 : -EACCES;
}
