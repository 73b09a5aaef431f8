/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A directory of a test's own, below $TMPDIR or /tmp, and what is put into it.
 * Paths in it are relative to it. A tree that cannot be made ends the program,
 * and is left.
 */
#ifndef LSL_TREE_H
#define LSL_TREE_H

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct tree {
	char *path; /* with no symbolic link in it */
	int fd;
};

static inline void tree_require(bool holds, const char *what)
{
	if (!holds) {
		perror(what);
		exit(99);
	}
}

static inline void tree_make(struct tree *tree)
{
	const char *base = getenv("TMPDIR");
	char *name;

	tree_require(asprintf(&name, "%s/lsl-unit.XXXXXX", base && *base ? base : "/tmp") > 0,
		     "a name");
	tree_require(mkdtemp(name) && chmod(name, 0755) == 0, name);
	tree->path = realpath(name, NULL);
	tree_require(tree->path, name);
	tree->fd = open(tree->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	tree_require(tree->fd >= 0, name);
	free(name);
}

/* Whatever the umask is. */
static inline void tree_dir(const struct tree *tree, const char *path, mode_t mode)
{
	tree_require(mkdirat(tree->fd, path, 0700) == 0, path);
	tree_require(fchmodat(tree->fd, path, mode, 0) == 0, path);
}

static inline void tree_file(const struct tree *tree, const char *path, mode_t mode,
			     const char *text)
{
	int fd = openat(tree->fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	size_t len = strlen(text);

	tree_require(fd >= 0 && write(fd, text, len) == (ssize_t)len, path);
	tree_require(fchmod(fd, mode) == 0 && close(fd) == 0, path);
}

static inline void tree_link(const struct tree *tree, const char *target, const char *path)
{
	tree_require(symlinkat(target, tree->fd, path) == 0, path);
}

/* PATH in TREE, absolute; to be freed. */
static inline char *tree_path(const struct tree *tree, const char *path)
{
	char *name;

	tree_require(asprintf(&name, "%s/%s", tree->path, path) > 0, path);
	return name;
}

/*
 * Removes what is in DIR, an fd that is closed. Symbolic links are not
 * followed.
 */
static inline void tree_empty(int fd)
{
	DIR *dir = fdopendir(fd);
	const struct dirent *entry;
	const char *name;
	int below;

	tree_require(dir, "a directory");
	while ((entry = readdir(dir))) {
		name = entry->d_name;
		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
			continue;
		if (unlinkat(dirfd(dir), name, 0) == 0)
			continue;
		(void)!fchmodat(dirfd(dir), name, 0700, 0);
		below = openat(dirfd(dir), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		tree_require(below >= 0, name);
		tree_empty(below);
		tree_require(unlinkat(dirfd(dir), name, AT_REMOVEDIR) == 0, name);
	}
	closedir(dir);
}

static inline void tree_remove(struct tree *tree)
{
	tree_empty(tree->fd);
	tree_require(rmdir(tree->path) == 0, tree->path);
	free(tree->path);
}

static inline int tree_compare(const void *a, const void *b)
{
	return strcmp((*(struct dirent *const *)a)->d_name, (*(struct dirent *const *)b)->d_name);
}

/* As scandirat(3), which musl does not have, in order; it cannot fail. */
static inline int tree_scan(int fd, const char *path, struct dirent ***entries)
{
	int below = openat(fd, path, O_RDONLY | O_DIRECTORY), count = 0;
	DIR *dir = below < 0 ? NULL : fdopendir(below);
	const struct dirent *entry;

	tree_require(dir, path);
	*entries = NULL;
	while ((entry = readdir(dir))) {
		*entries = reallocarray(*entries, (size_t)count + 1, sizeof(**entries));
		tree_require(*entries, "memory");
		(*entries)[count] = malloc(entry->d_reclen);
		tree_require((*entries)[count], "memory");
		memcpy((*entries)[count++], entry, entry->d_reclen);
	}
	closedir(dir);
	qsort(*entries, (size_t)count, sizeof(**entries), tree_compare);
	return count;
}

/*
 * One line for each name below FD, in order: PREFIX, it, and its type and mode
 * in octal.
 */
static inline void tree_list_below(int fd, const char *prefix, FILE *out)
{
	struct dirent **entries;
	struct stat st;
	char *path;
	int count = tree_scan(fd, ".", &entries), below;

	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;

		tree_require(fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0, name);
		if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
			fprintf(out, "%s%s %o\n", prefix, name, st.st_mode);
			if (S_ISDIR(st.st_mode)) {
				tree_require(asprintf(&path, "%s%s/", prefix, name) > 0, name);
				below = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
				tree_require(below >= 0, name);
				tree_list_below(below, path, out);
				close(below);
				free(path);
			}
		}
		free(entries[i]);
	}
	free(entries);
}

/* All that is in TREE, a text to be freed. */
static inline char *tree_list(const struct tree *tree)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	tree_require(out, "memory");
	tree_list_below(tree->fd, "", out);
	tree_require(fclose(out) == 0, "memory");
	return text;
}

#endif
