/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "menus/menufiles.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dirstream.h"
#include "base/wholeio.h"
#include "files/rootfile.h"

/* An incomplete file, in the directory itself. */
#define TEMPORARY ".new"

/* <search.h> is the C library's; src/common/search.h searches programs. */
static int compare_files(const void *a, const void *b)
{
	return strcmp(a, b);
}

bool menufiles_has(const struct menufiles *files, const char *path)
{
	return tfind(path, &files->names, compare_files) != NULL;
}

static int remember_put(struct menufiles *files, const char *path)
{
	char *copy = strdup(path);

	if (copy && tsearch(copy, &files->names, compare_files))
		return 0;
	free(copy);
	return -ENOMEM;
}

/*
 * Makes the directories that lead to PATH below DIR, and not PATH. 0 or a
 * negative errno.
 */
static int make_menu_parents(int dir, const char *path)
{
	char parent[PATH_MAX];
	const char *slash;

	for (slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		if ((size_t)(slash - path) >= sizeof(parent))
			return -ENAMETOOLONG;
		memcpy(parent, path, (size_t)(slash - path));
		parent[slash - path] = '\0';
		if (mkdirat(dir, parent, 0755) < 0 && errno != EEXIST)
			return -errno;
	}
	return 0;
}

static bool has_bytes(int dir, const char *path, const void *bytes, size_t size)
{
	struct rootfile old;
	bool same;

	if (rootfile_read(dir, path, size, &old) < 0)
		return false;
	same = old.kind == ROOTFILE_REGULAR && old.len == size &&
	       memcmp(old.bytes, bytes, size) == 0;
	rootfile_clear(&old);
	return same;
}

static int write_temporary(int dir, const void *bytes, size_t size)
{
	int fd =
		openat(dir, TEMPORARY, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	int status;

	if (fd < 0)
		return -errno;
	status = wholeio_write(fd, bytes, size);
	close(fd);
	return status;
}

/* Renames TEMPORARY to PATH. */
static int place_temporary(struct menufiles *files, const char *path)
{
	int status = make_menu_parents(files->dir, path);

	if (status == 0 && renameat(files->dir, TEMPORARY, files->dir, path) < 0)
		status = -errno;
	/*
	 * PATH may already be the same file; then rename(2) leaves both names.
	 */
	unlinkat(files->dir, TEMPORARY, 0);
	files->has_changed |= status == 0;
	return status == 0 ? remember_put(files, path) : status;
}

int menufiles_put(struct menufiles *files, const char *path, const void *bytes, size_t size)
{
	int status;

	if (menufiles_has(files, path))
		return -EEXIST;
	if (has_bytes(files->dir, path, bytes, size))
		return remember_put(files, path);
	unlinkat(files->dir, TEMPORARY, 0);
	status = write_temporary(files->dir, bytes, size);
	return status < 0 ? status : place_temporary(files, path);
}

int menufiles_link(struct menufiles *files, int from_dir, const char *from, const char *path)
{
	struct stat st, old;

	if (menufiles_has(files, path))
		return -EEXIST;
	if (fstatat(from_dir, from, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (fstatat(files->dir, path, &old, AT_SYMLINK_NOFOLLOW) == 0 && old.st_dev == st.st_dev &&
	    old.st_ino == st.st_ino)
		return remember_put(files, path);
	unlinkat(files->dir, TEMPORARY, 0);
	if (linkat(from_dir, from, files->dir, TEMPORARY, 0) < 0)
		return -errno;
	return place_temporary(files, path);
}

/* A directory of a visit, and those above it. */
struct menu_visit {
	int top;
	void (*file)(const char *path, void *arg);
	void (*directory)(const char *path, void *arg); /* after its files */
	void *arg;
};

static void visit_menu_directory(const struct menu_visit *visit, const char *path)
{
	char child[PATH_MAX];
	const struct dirent *entry;
	struct stat st;
	DIR *dir = dirstream_open(visit->top, path);

	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if ((size_t)snprintf(child, sizeof(child), "%s/%s", path, entry->d_name) >=
			    sizeof(child) ||
		    fstatat(visit->top, child, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		if (!S_ISDIR(st.st_mode)) {
			visit->file(child, visit->arg);
			continue;
		}
		visit_menu_directory(visit, child);
		if (visit->directory)
			visit->directory(child, visit->arg);
	}
	closedir(dir);
}

void menufiles_visit(int dir, const char *path, void (*file)(const char *path, void *arg),
		     void *arg)
{
	struct menu_visit visit = {.top = dir, .file = file, .arg = arg};

	visit_menu_directory(&visit, path);
}

static void sweep_file(const char *path, void *arg)
{
	struct menufiles *files = arg;

	if (!menufiles_has(files, path) && unlinkat(files->dir, path, 0) == 0)
		files->has_changed = true;
}

/* Directories that are not empty stay. */
static void sweep_directory(const char *path, void *arg)
{
	struct menufiles *files = arg;

	if (unlinkat(files->dir, path, AT_REMOVEDIR) == 0)
		files->has_changed = true;
}

void menufiles_sweep(struct menufiles *files)
{
	struct menu_visit visit = {files->dir, sweep_file, sweep_directory, files};
	DIR *dir = dirstream_open(files->dir, ".");
	const struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			visit_menu_directory(&visit, entry->d_name);
	if (dir)
		closedir(dir);
}

static void remove_file(const char *path, void *arg)
{
	unlinkat(*(int *)arg, path, 0);
}

static void remove_directory(const char *path, void *arg)
{
	unlinkat(*(int *)arg, path, AT_REMOVEDIR);
}

void menufiles_remove(int dir, const char *path)
{
	struct menu_visit visit = {dir, remove_file, remove_directory, &dir};

	visit_menu_directory(&visit, path);
	remove_directory(path, &dir);
}

void menufiles_end(struct menufiles *files)
{
	tdestroy(files->names, free);
	files->names = NULL;
}
