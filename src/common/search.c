/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "search.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "inroot.h"

int search_open(int root, const char *path, int flags)
{
	return inroot_open(root, path, (flags & O_PATH) ? flags : flags | O_NONBLOCK);
}

bool search_is_program(const struct stat *st)
{
	return S_ISREG(st->st_mode) && (st->st_mode & (S_IXUSR | S_IXGRP | S_IXOTH));
}

/* 0: PATH is a program. -EACCES: a file, but not to be executed or seen. -ENOENT: anything else. */
static int probe(int root, const char *path)
{
	struct stat st;
	int status = inroot_stat(root, path, &st);

	if (status == 0 && search_is_program(&st))
		return 0;
	if (status == -EACCES || (status == 0 && S_ISREG(st.st_mode)))
		return -EACCES;
	return -ENOENT;
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/*
 * Tries PROGRAM in BIN, first as an entry of a directory; where BIN is a single
 * file that fails with ENOTDIR inside the kernel, and BIN itself is meant.
 */
static int find_in(int root, const char *bin, const char *program, char *path, size_t size)
{
	size_t dir_len = strlen(bin), len = strlen(program);
	int status;

	if (dir_len + 1 + len + 1 > size)
		return -ENAMETOOLONG;
	memcpy(path, bin, dir_len);
	path[dir_len] = '/';
	memcpy(path + dir_len + 1, program, len + 1);
	status = probe(root, path);
	if (status == -ENOENT && strcmp(base_of(bin), program) == 0) {
		path[dir_len] = '\0';
		status = probe(root, path);
	}
	return status;
}

int search_find(int root, struct record_list bins, const char *program, char *path, size_t size)
{
	const char *bin, *refused = NULL;
	int status, none = -ENOENT;

	for (bin = bins.first; bin != bins.end; bin = record_next(bin)) {
		status = find_in(root, bin, program, path, size);
		if (status == 0)
			return 0;
		if (status == -ENAMETOOLONG)
			none = status;
		if (status == -EACCES && !refused)
			refused = bin;
	}
	if (!refused)
		return none;
	/* PATH has to name the one that was there. */
	return find_in(root, refused, program, path, size) == 0 ? 0 : -EACCES;
}

/* Whether the entry of DIR, itself at BIN, is a program once its links are followed. */
static bool entry_is_program(int root, const char *bin, int dir, const struct dirent *entry)
{
	char path[PATH_MAX];
	struct stat st;

	if (entry->d_type != DT_REG && entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN)
		return false;
	if (fstatat(dir, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	if (!S_ISLNK(st.st_mode))
		return search_is_program(&st);
	if (strlen(bin) + 1 + strlen(entry->d_name) >= sizeof(path))
		return false;
	strcpy(path, bin);
	strcat(path, "/");
	strcat(path, entry->d_name);
	return inroot_stat(root, path, &st) == 0 && search_is_program(&st);
}

static int visit_entries(int root, const char *bin, DIR *dir,
			 int (*visit)(const char *name, void *arg), void *arg)
{
	const struct dirent *entry;
	int status;

	for (;;) {
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			return -errno;
		if (!command_program_valid(entry->d_name) ||
		    !entry_is_program(root, bin, dirfd(dir), entry))
			continue;
		status = visit(entry->d_name, arg);
		if (status)
			return status;
	}
}

static int visit_file(int root, const char *bin, int (*visit)(const char *name, void *arg),
		      void *arg)
{
	if (probe(root, bin) < 0 || !command_program_valid(base_of(bin)))
		return 0;
	return visit(base_of(bin), arg);
}

int search_visit(int root, const char *bin, int (*visit)(const char *name, void *arg), void *arg)
{
	int fd = search_open(root, bin, O_RDONLY | O_DIRECTORY);
	int status;
	DIR *dir;

	if (fd == -ENOTDIR)
		return visit_file(root, bin, visit, arg);
	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	dir = fdopendir(fd);
	if (!dir) {
		status = -errno;
		close(fd);
		return status;
	}
	status = visit_entries(root, bin, dir, visit, arg);
	closedir(dir);
	return status;
}
