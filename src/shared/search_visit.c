/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "search_visit.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "dirstream.h"
#include "inroot.h"
#include "search.h"

struct bin_visit {
	int root;
	const char *bin;
	struct search_executor executor;
};

static bool is_listed_program(const struct bin_visit *visit, const struct stat *st)
{
	return search_is_program(st) && !search_is_executor(&visit->executor, st);
}

/*
 * Whether the entry of DIR, the bin, is a program once its links are followed.
 */
static bool entry_is_program(const struct bin_visit *visit, int dir, const struct dirent *entry)
{
	const char *bin = visit->bin;
	char path[PATH_MAX];
	struct stat st;

	if (entry->d_type != DT_REG && entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN)
		return false;
	if (fstatat(dir, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	if (!S_ISLNK(st.st_mode))
		return is_listed_program(visit, &st);
	if (strlen(bin) + 1 + strlen(entry->d_name) >= sizeof(path))
		return false;
	strcpy(path, bin);
	strcat(path, "/");
	strcat(path, entry->d_name);
	return inroot_stat(visit->root, path, &st) == 0 && is_listed_program(visit, &st);
}

static int visit_entries(const struct bin_visit *bin, DIR *dir,
			 int (*visit)(const char *name, void *arg), void *arg)
{
	const struct dirent *entry;
	bool is_command;
	int status;

	for (;;) {
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			return -errno;
		is_command = command_program_valid(entry->d_name) &&
			     entry_is_program(bin, dirfd(dir), entry);
		status = visit(is_command ? entry->d_name : NULL, arg);
		if (status)
			return status;
	}
}

static int visit_file(const struct bin_visit *bin, int (*visit)(const char *name, void *arg),
		      void *arg)
{
	const char *name = path_base(bin->bin);
	struct stat st;

	if (inroot_stat(bin->root, bin->bin, &st) < 0 || !is_listed_program(bin, &st) ||
	    !command_program_valid(name))
		return 0;
	return visit(name, arg);
}

int search_visit(int root, const char *bin, int (*visit)(const char *name, void *arg), void *arg)
{
	const struct bin_visit meant = {root, bin, search_find_executor(inroot_stat, root)};
	int fd = inroot_open(root, bin, O_RDONLY | O_DIRECTORY);
	int status;
	DIR *dir;

	if (fd == -ENOTDIR)
		return visit_file(&meant, visit, arg);
	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	dir = dirstream_of(fd);
	if (!dir)
		return -errno;
	status = visit_entries(&meant, dir, visit, arg);
	closedir(dir);
	return status;
}
