/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "etc/tmpfiles.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dirstream.h"
#include "inroot.h"
#include "files/inroot_file.h"
#include "base/debug.h"

/* More files, and more directories, than any distribution has. */
#define FILES_MAX 4096
#define DIRECTORIES_MAX 4096

/* If several have a file of the same name, the first one counts. */
static const char *const config_dirs[] = {"/etc/tmpfiles.d", "/usr/local/lib/tmpfiles.d",
					  "/usr/lib/tmpfiles.d", "/lib/tmpfiles.d"};

/* A configuration file. */
struct tmpfiles_source {
	char *name;
	const char *dir;
};

/* A directory to make. */
struct wanted_dir {
	char *path; /* below /run, without a slash at either end */
	mode_t mode;
	uid_t uid;
	gid_t gid;
	size_t order;
};

struct tmpfiles_making {
	int root;
	struct tmpfiles_source *sources;
	size_t source_count;
	struct wanted_dir *wanted;
	size_t count;
};

static bool has_source(const struct tmpfiles_making *making, const char *name)
{
	size_t i;

	for (i = 0; i < making->source_count; i++)
		if (strcmp(making->sources[i].name, name) == 0)
			return true;
	return false;
}

static bool is_config(const char *name)
{
	size_t len = strlen(name), end = strlen(".conf");

	return name[0] != '.' && len > end && strcmp(name + len - end, ".conf") == 0;
}

static int add_source(struct tmpfiles_making *making, const char *dir, const char *name)
{
	struct tmpfiles_source *sources =
		reallocarray(making->sources, making->source_count + 1, sizeof(*sources));

	if (!sources)
		return -ENOMEM;
	making->sources = sources;
	sources[making->source_count] = (struct tmpfiles_source){strdup(name), dir};
	if (!sources[making->source_count].name)
		return -ENOMEM;
	making->source_count++;
	return 0;
}

/* Adds the files of DIR whose names no earlier directory has. */
static int find_sources(struct tmpfiles_making *making, const char *path)
{
	int fd = inroot_open(making->root, path, O_RDONLY | O_DIRECTORY);
	DIR *dir = dirstream_of(fd);
	const struct dirent *entry;
	int status = 0;

	if (!dir)
		return 0;
	while (status == 0 && making->source_count < FILES_MAX && (entry = readdir(dir)))
		if (is_config(entry->d_name) && !has_source(making, entry->d_name))
			status = add_source(making, path, entry->d_name);
	closedir(dir);
	return status;
}

static int compare_sources(const void *a, const void *b)
{
	return strcmp(((const struct tmpfiles_source *)a)->name,
		      ((const struct tmpfiles_source *)b)->name);
}

/* Reads the whole TEXT as a number in BASE, below UINT32_MAX. */
static bool take_id(const char *text, int base, uint32_t *number)
{
	unsigned long long value;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	value = strtoull(text, &end, base);
	if (*end || errno || value >= UINT32_MAX)
		return false;
	*number = (uint32_t)value;
	return true;
}

/*
 * The number of NAME in FILE, a passwd(5) or group(5) of the root filesystem.
 */
static bool find_number(int root, const char *file, const char *name, uint32_t *number)
{
	FILE *stream = inroot_open_text(root, file);
	size_t room = 0, len = strlen(name);
	char *line = NULL, text[16];
	bool found = false;

	if (!stream)
		return false;
	while (!found && getline(&line, &room, stream) >= 0)
		found = strncmp(line, name, len) == 0 && line[len] == ':' &&
			sscanf(line + len, ":%*[^:]:%15[0-9]:", text) == 1 &&
			take_id(text, 10, number);
	free(line);
	fclose(stream);
	return found;
}

/* Whether FIELD is empty or "-", which means the default. */
static bool is_default(const char *field)
{
	return !*field || strcmp(field, "-") == 0;
}

/* A ":" before it restricts it to new directories; all of these are new. */
static bool take_owner(int root, const char *file, const char *field, uint32_t *id)
{
	field += *field == ':';
	*id = 0;
	return is_default(field) || take_id(field, 10, id) || find_number(root, file, field, id);
}

static bool take_mode(const char *field, mode_t *mode)
{
	uint32_t number = 0755;

	field += strspn(field, ":~");
	if (!is_default(field) && (!take_id(field, 8, &number) || number > 07777))
		return false;
	/* Without setuid, which has no meaning for a directory. */
	*mode = number & 03777;
	return true;
}

/*
 * Returns PATH below /run, without extra slashes. NULL: it is elsewhere, or has
 * a form with another meaning.
 */
static const char *path_in_run(char *path)
{
	char *to = path, *from = path;
	size_t len;

	if (strncmp(path, "/var/run/", strlen("/var/run/")) == 0)
		from += strlen("/var/run/");
	else if (strncmp(path, "/run/", strlen("/run/")) == 0)
		from += strlen("/run/");
	else
		return NULL;
	while (*from) {
		from += strspn(from, "/");
		len = strcspn(from, "/");
		if ((len == 1 && from[0] == '.') || (len == 2 && memcmp(from, "..", 2) == 0))
			return NULL;
		if (len && to > path)
			*to++ = '/';
		memmove(to, from, len);
		to += len;
		from += len;
	}
	*to = '\0';
	/* Specifiers and quotes. */
	return *path && !strpbrk(path, "%\"'\\") ? path : NULL;
}

static int add_wanted(struct tmpfiles_making *making, const struct wanted_dir *wanted)
{
	struct wanted_dir *all = reallocarray(making->wanted, making->count + 1, sizeof(*all));

	if (!all)
		return -ENOMEM;
	making->wanted = all;
	all[making->count] = *wanted;
	all[making->count].order = making->count;
	all[making->count].path = strdup(wanted->path);
	if (!all[making->count].path)
		return -ENOMEM;
	making->count++;
	return 0;
}

/*
 * A line of tmpfiles.d(5): type, path, mode, user, group; letters after the
 * type restrict when it applies.
 */
static int take_tmpfiles_line(struct tmpfiles_making *making, const char *line)
{
	char type[16] = "", path[PATH_MAX] = "", mode[32] = "", user[256] = "", group[256] = "";
	struct wanted_dir wanted;

	if (sscanf(line, "%15s %4095s %31s %255s %255s", type, path, mode, user, group) < 2 ||
	    (type[0] != 'd' && type[0] != 'D') || type[1 + strspn(type + 1, "!-=~^$?")])
		return 0;
	wanted.path = (char *)(uintptr_t)path_in_run(path);
	if (!wanted.path || !take_mode(mode, &wanted.mode) ||
	    !take_owner(making->root, "/etc/passwd", user, &wanted.uid) ||
	    !take_owner(making->root, "/etc/group", group, &wanted.gid))
		return 0;
	return add_wanted(making, &wanted);
}

static int read_source(struct tmpfiles_making *making, const struct tmpfiles_source *source)
{
	char path[PATH_MAX], *line = NULL;
	size_t room = 0;
	FILE *stream;
	int status = 0;

	snprintf(path, sizeof(path), "%s/%s", source->dir, source->name);
	stream = inroot_open_text(making->root, path);
	if (!stream)
		return 0;
	while (status == 0 && making->count < DIRECTORIES_MAX && getline(&line, &room, stream) >= 0)
		status = take_tmpfiles_line(making, line);
	free(line);
	fclose(stream);
	return status;
}

/*
 * Sorts a directory before those in it, and lines for the same path in their
 * order.
 */
static int compare_wanted(const void *a, const void *b)
{
	const struct wanted_dir *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	return order ? order : (x->order > y->order) - (x->order < y->order);
}

/* Opens the directory NAME, which has to be on the file system DEV. */
static int open_on_device(int dir, const char *name, dev_t dev)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) == 0 && st.st_dev == dev)
		return fd;
	close(fd);
	return -EXDEV;
}

/*
 * In this order: without CAP_FSETID the group of a setgid directory is changed
 * last.
 */
static int make_one(int dir, const char *name, dev_t dev, const struct wanted_dir *wanted)
{
	int fd, status = 0;

	if (mkdirat(dir, name, 0700) < 0)
		return errno == EEXIST ? 0 : -errno;
	fd = open_on_device(dir, name, dev);
	if (fd < 0)
		return fd;
	if (fchmod(fd, wanted->mode) < 0 || fchown(fd, wanted->uid, wanted->gid) < 0)
		status = -errno;
	close(fd);
	return status;
}

/* Missing directories that lead to it become root's. */
static int make_wanted(int run, dev_t dev, const struct wanted_dir *wanted)
{
	static const struct wanted_dir parent = {.mode = 0755};
	char *name = wanted->path, *slash;
	int next, dir = openat(run, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int status = dir < 0 ? -errno : 0;

	while (status == 0 && (slash = strchr(name, '/'))) {
		*slash = '\0';
		status = make_one(dir, name, dev, &parent);
		next = status < 0 ? status : open_on_device(dir, name, dev);
		*slash = '/';
		close(dir);
		dir = next;
		status = dir < 0 ? dir : 0;
		name = slash + 1;
	}
	if (status == 0)
		status = make_one(dir, name, dev, wanted);
	if (dir >= 0)
		close(dir);
	return status;
}

static int find_all(struct tmpfiles_making *making)
{
	int status = 0;
	size_t i;

	for (i = 0; i < sizeof(config_dirs) / sizeof(config_dirs[0]) && status == 0; i++)
		status = find_sources(making, config_dirs[i]);
	if (making->source_count)
		qsort(making->sources, making->source_count, sizeof(*making->sources),
		      compare_sources);
	for (i = 0; i < making->source_count && status == 0; i++)
		status = read_source(making, &making->sources[i]);
	if (making->count)
		qsort(making->wanted, making->count, sizeof(*making->wanted), compare_wanted);
	return status;
}

int tmpfiles_make(int root, int run)
{
	static char lock_path[] = "lock";
	static const struct wanted_dir lock = {.path = lock_path, .mode = 01777};
	struct tmpfiles_making making = {.root = root};
	struct stat st;
	int made, status = fstat(run, &st) < 0 ? -errno : make_wanted(run, st.st_dev, &lock);
	size_t i;

	if (status == 0)
		status = find_all(&making);
	for (i = 0; i < making.count && status == 0; i++) {
		made = make_wanted(run, st.st_dev, &making.wanted[i]);
		debug("/run/%s: %s", making.wanted[i].path, made < 0 ? strerror(-made) : "made");
	}
	for (i = 0; i < making.count; i++)
		free(making.wanted[i].path);
	for (i = 0; i < making.source_count; i++)
		free(making.sources[i].name);
	free(making.wanted);
	free(making.sources);
	return status;
}
