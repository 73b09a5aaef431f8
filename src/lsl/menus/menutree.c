/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "menus/menutree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/lines.h"
#include "container_name.h"
#include "files/hostdir.h"
#include "files/rootfile.h"
#include "menus/menufiles.h"
#include "pathnames.h"
#include "safepath.h"

#define PARTS ".containers"
#define LOCK ".lock"
#define PUBLISH_LOCK ".publish"
#define MIME_CACHE MENUTREE_APPLICATIONS "/mimeinfo.cache"
#define HICOLOR MENUTREE_ICONS "/hicolor"

/* The limit of an accepted entry. */
#define ENTRY_MAX (1024L * 1024)

const char *const menutree_host_entries[2] = {
	"/usr/local/share/applications",
	"/usr/share/applications",
};

static const char *const directories[] = {MENUTREE_APPLICATIONS, MENUTREE_ICONS, MENUTREE_PIXMAPS};

/* One container's part while its entries are published. */
struct publishing {
	struct menufiles files;
	const char *container;
	int part;
	/* Lines "type=entry" of the MIME cache, unsorted. */
	struct lines handlers;
};

/*
 * Makes the directory NAME in DIR, owned by UID. Returns an fd or a negative
 * errno.
 */
static int make_own(int dir, const char *name, uid_t uid)
{
	struct stat st;
	int fd;

	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT && mkdirat(dir, name, 0755) == 0)
		fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) == 0 &&
	    (st.st_uid == uid || (st.st_uid == 0 && fchown(fd, uid, uid) == 0)))
		return fd;
	close(fd);
	return -EPERM;
}

int menutree_make(unsigned int uid)
{
	char parent[] = PATH_SHAREDIR;
	char *name = strrchr(parent, '/');
	int dir, tree, status;

	*name++ = '\0';
	status = hostdir_make(parent, 0755);
	dir = status == 0 ? safepath_open_dir(parent) : status;
	if (dir < 0)
		return dir;
	tree = make_own(dir, name, uid);
	close(dir);
	return tree;
}

static int open_locked(int tree, const char *name)
{
	int fd = openat(tree, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	while (flock(fd, LOCK_EX) < 0)
		if (errno != EINTR) {
			close(fd);
			return -errno;
		}
	return fd;
}

int menutree_lock(int tree)
{
	int fd = open_locked(tree, LOCK);

	return fd < 0 ? fd : 0;
}

int menutree_open_part(int tree, const char *name)
{
	char path[sizeof(PARTS "/") + CONTAINER_NAME_MAX];
	int fd;

	snprintf(path, sizeof(path), PARTS "/%s", name);
	if ((mkdirat(tree, PARTS, 0755) < 0 && errno != EEXIST) ||
	    (mkdirat(tree, path, 0755) < 0 && errno != EEXIST))
		return -errno;
	fd = openat(tree, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

void menutree_remove_part(int tree, const char *name)
{
	char path[sizeof(PARTS "/") + CONTAINER_NAME_MAX];

	snprintf(path, sizeof(path), PARTS "/%s", name ? name : "");
	menufiles_remove(tree, name ? path : PARTS);
}

/*
 * Entries.
 */

static void add_handler(struct publishing *publishing, const char *type, size_t len,
			const char *path)
{
	struct lines *handlers = &publishing->handlers;
	char *at;

	if (lines_print(handlers, "%.*s=%s", (int)len, type,
			path + strlen(MENUTREE_APPLICATIONS "/")) < 0)
		return;
	/*
	 * An entry's id is its path with '-' for '/'; a type has one '/' before
	 * the '='.
	 */
	for (at = handlers->line[handlers->count - 1] + len; *at; at++)
		if (*at == '/')
			*at = '-';
}

/*
 * Adds the types in TEXT, an entry that was accepted under the public name
 * PATH.
 */
static void add_types(struct publishing *publishing, const char *text, const char *path)
{
	static const char key[] = "\nMimeType=";
	const char *type = strstr(text, key);
	size_t len;

	if (!type)
		return;
	for (type += sizeof(key) - 1; *type && *type != '\n'; type += len + (type[len] == ';')) {
		len = strcspn(type, ";\n");
		if (len)
			add_handler(publishing, type, len, path);
	}
}

static void read_types(struct publishing *publishing, const char *path)
{
	struct rootfile file;

	if (rootfile_read(publishing->files.dir, path, ENTRY_MAX, &file) < 0)
		return;
	if (file.kind == ROOTFILE_REGULAR)
		add_types(publishing, file.bytes, path);
	rootfile_clear(&file);
}

/*
 * Whether the host itself has an entry at PATH, which begins with
 * "applications/".
 */
static bool host_has(const char *path)
{
	char file[PATH_MAX];
	struct stat st;
	size_t i;

	path += strlen(MENUTREE_APPLICATIONS);
	for (i = 0; i < 2; i++) {
		snprintf(file, sizeof(file), "%s%s", menutree_host_entries[i], path);
		if (lstat(file, &st) == 0)
			return true;
	}
	return false;
}

static void publish_entry(const char *path, void *arg)
{
	struct publishing *publishing = arg;
	char from[PATH_MAX], to[PATH_MAX];
	const char *below = path + strlen(MENUTREE_APPLICATIONS "/");

	if (!host_has(path) && !menufiles_has(&publishing->files, path)) {
		if (menufiles_link(&publishing->files, publishing->part, path, path) == 0)
			read_types(publishing, path);
		return;
	}
	snprintf(from, sizeof(from), MENUTREE_CLASHES "/%s", below);
	snprintf(to, sizeof(to), MENUTREE_APPLICATIONS "/%s/%s", publishing->container, below);
	if (menufiles_link(&publishing->files, publishing->part, from, to) == 0)
		read_types(publishing, to);
}

/* If two icons have the same name, the first container's is taken. */
static void publish_icon(const char *path, void *arg)
{
	struct publishing *publishing = arg;

	(void)menufiles_link(&publishing->files, publishing->part, path, path);
}

static void publish_part(struct publishing *publishing, int parts, const char *name)
{
	publishing->container = name;
	publishing->part = openat(parts, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (publishing->part < 0)
		return;
	menufiles_visit(publishing->part, MENUTREE_APPLICATIONS, publish_entry, publishing);
	menufiles_visit(publishing->part, MENUTREE_ICONS, publish_icon, publishing);
	menufiles_visit(publishing->part, MENUTREE_PIXMAPS, publish_icon, publishing);
	close(publishing->part);
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int is_part(const struct dirent *entry)
{
	return container_name_valid(entry->d_name, strlen(entry->d_name));
}

/* In the order of their names, so that clashes always end the same way. */
static void publish_parts(struct publishing *publishing, int tree)
{
	struct dirent **names;
	int parts = openat(tree, PARTS, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int i, count = scandir(PATH_SHAREDIR "/" PARTS, &names, is_part, alphasort);

	for (i = 0; i < count; i++) {
		publish_part(publishing, parts, names[i]->d_name);
		free(names[i]);
	}
	if (count >= 0)
		free(names);
	if (parts >= 0)
		close(parts);
}

/*
 * The list of types and their entries, which desktops read instead of all
 * entries.
 */

static void print_cache(FILE *file, char *const *lines, size_t count)
{
	size_t i, len, last = 0;

	fputs("[MIME Cache]", file);
	for (i = 0; i < count; i++) {
		len = strcspn(lines[i], "=") + 1;
		if (i == 0 || len != last || strncmp(lines[i], lines[i - 1], len) != 0)
			fprintf(file, "\n%.*s", (int)len, lines[i]);
		last = len;
		if (i == 0 || strcmp(lines[i], lines[i - 1]) != 0)
			fprintf(file, "%s;", lines[i] + len);
	}
	fputc('\n', file);
}

static int put_cache(struct publishing *publishing)
{
	const struct lines *handlers = &publishing->handlers;
	char *text = NULL;
	size_t size;
	FILE *file;
	int status = 0;

	if (handlers->count == 0)
		return 0;
	qsort(handlers->line, handlers->count, sizeof(*handlers->line), compare_lines);
	file = open_memstream(&text, &size);
	if (!file)
		return -ENOMEM;
	print_cache(file, handlers->line, handlers->count);
	if (fclose(file) != 0)
		status = -ENOMEM;
	if (status == 0)
		status = menufiles_put(&publishing->files, MIME_CACHE, text, size);
	free(text);
	return status;
}

int menutree_publish(int tree)
{
	struct publishing publishing = {.files = {.dir = tree}};
	int status, lock = open_locked(tree, PUBLISH_LOCK);
	size_t i;

	if (lock < 0)
		return lock;
	/* They exist also if they are empty, because desktops watch them. */
	for (i = 0; i < sizeof(directories) / sizeof(directories[0]); i++)
		(void)mkdirat(tree, directories[i], 0755);
	publish_parts(&publishing, tree);
	status = put_cache(&publishing);
	menufiles_sweep(&publishing.files);
	/* Icon caches notice a change by this time. */
	if (publishing.files.has_changed)
		(void)utimensat(tree, HICOLOR, NULL, 0);
	lines_clear(&publishing.handlers);
	menufiles_end(&publishing.files);
	close(lock);
	return status;
}
