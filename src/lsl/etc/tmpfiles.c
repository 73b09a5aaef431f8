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
#include "etc/accountline.h"
#include "files/inroot_file.h"
#include "files/inroot_make.h"
#include "files/pathtext.h"
#include "files/rootfile.h"
#include "base/debug.h"

/* More files, and more directories, than any distribution has. */
#define FILES_MAX 4096
#define DIRECTORIES_MAX 4096

/* A larger passwd or group is not read. */
#define ACCOUNTS_SIZE_MAX (64L * 1024 * 1024)

/* If several have a file of the same name, the first one counts. */
static const char *const config_dirs[] = {"/etc/tmpfiles.d", "/usr/local/lib/tmpfiles.d",
					  "/usr/lib/tmpfiles.d", "/lib/tmpfiles.d"};

#define CONFIG_DIRS (sizeof(config_dirs) / sizeof(config_dirs[0]))

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
	struct lines passwd, group; /* of the root filesystem */
	struct lines names; /* of its configuration files, some twice */
	struct wanted_dir *wanted;
	size_t count;
};

static bool is_config(const char *name)
{
	size_t len = strlen(name), end = strlen(".conf");

	return name[0] != '.' && len > end && strcmp(name + len - end, ".conf") == 0;
}

/* Adds the names of the configuration files in DIR. */
static int find_configs(struct tmpfiles_making *making, const char *path)
{
	int fd = inroot_open(making->root, path, O_RDONLY | O_DIRECTORY);
	DIR *dir = dirstream_of(fd);
	const struct dirent *entry;
	int status = 0;

	if (!dir)
		return 0;
	while (status == 0 && making->names.count < FILES_MAX && (entry = readdir(dir)))
		if (is_config(entry->d_name))
			status = lines_add(&making->names, entry->d_name);
	closedir(dir);
	return status;
}

static int compare_config_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A file that cannot be read has no lines. */
static int read_accounts(int root, const char *path, struct lines *lines)
{
	int fd = inroot_open_regular(root, path);
	struct rootfile file;
	int status = fd < 0 ? fd : rootfile_read_fd(fd, ACCOUNTS_SIZE_MAX, &file);

	if (fd >= 0)
		close(fd);
	if (status < 0)
		return status == -ENOMEM ? status : 0;
	status = lines_split(file.bytes, strlen(file.bytes), lines);
	rootfile_clear(&file);
	return status == -ENOMEM ? status : 0;
}

static bool find_number(const struct lines *accounts, const char *name, id_t *number)
{
	size_t at = accountlines_find(accounts, name);
	long long found = at < accounts->count ? accountline_number(accounts->line[at]) : -1;

	*number = (id_t)found;
	return found >= 0 && found < UINT32_MAX;
}

/* Whether FIELD is empty or "-", which means the default. */
static bool is_default(const char *field)
{
	return !*field || strcmp(field, "-") == 0;
}

/* A ":" before it restricts it to new directories; all of these are new. */
static bool take_owner(const struct lines *accounts, const char *field, id_t *id)
{
	field += *field == ':';
	*id = 0;
	return is_default(field) || accountline_id(field, id) || find_number(accounts, field, id);
}

static bool take_mode(const char *field, mode_t *mode)
{
	unsigned long number;
	char *end;

	field += strspn(field, ":~");
	if (is_default(field))
		field = "0755";
	number = strtoul(field, &end, 8);
	/* Without setuid, which has no meaning for a directory. */
	*mode = number & 03777;
	return *field >= '0' && *field <= '9' && !*end && number <= 07777;
}

/*
 * Returns PATH below /run, without extra slashes. NULL: it is elsewhere, or has
 * a form with another meaning.
 */
static char *path_in_run(char *path)
{
	size_t len;
	char *at;

	if (strncmp(path, "/var/run/", strlen("/var/run/")) == 0)
		path += strlen("/var/run/");
	else if (strncmp(path, "/run/", strlen("/run/")) == 0)
		path += strlen("/run/");
	else
		return NULL;
	path_squeeze_slashes(path);
	path += *path == '/';
	for (at = path; *at; at += len, at += *at == '/') {
		len = strcspn(at, "/");
		if ((len == 1 && at[0] == '.') || (len == 2 && memcmp(at, "..", 2) == 0))
			return NULL;
	}
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
	wanted.path = path_in_run(path);
	if (!wanted.path || !take_mode(mode, &wanted.mode) ||
	    !take_owner(&making->passwd, user, &wanted.uid) ||
	    !take_owner(&making->group, group, &wanted.gid))
		return 0;
	return add_wanted(making, &wanted);
}

/* Opens the configuration file NAME of the first directory that has one. */
static FILE *open_config(int root, const char *name)
{
	char path[PATH_MAX];
	size_t i;
	int fd = -ENOENT;

	for (i = 0; i < CONFIG_DIRS && fd == -ENOENT; i++) {
		snprintf(path, sizeof(path), "%s/%s", config_dirs[i], name);
		fd = inroot_open(root, path, O_PATH | O_NOFOLLOW);
	}
	if (fd < 0)
		return NULL;
	close(fd);
	return inroot_open_text(root, path);
}

static int read_config(struct tmpfiles_making *making, const char *name)
{
	FILE *stream = open_config(making->root, name);
	char *line = NULL;
	size_t room = 0;
	int status = 0;

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

/*
 * In this order: without CAP_FSETID the group of a setgid directory is changed
 * last.
 */
static int make_one(int dir, const char *name, const struct wanted_dir *wanted)
{
	int fd, status = 0;

	if (mkdirat(dir, name, 0700) < 0)
		return errno == EEXIST ? 0 : -errno;
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fchmod(fd, wanted->mode) < 0 || fchown(fd, wanted->uid, wanted->gid) < 0)
		status = -errno;
	close(fd);
	return status;
}

/* Missing directories that lead to it become root's. */
static int make_wanted(int run, const struct wanted_dir *wanted)
{
	const char *slash = strrchr(wanted->path, '/');
	char parent[PATH_MAX];
	int dir, status;

	snprintf(parent, sizeof(parent), "%.*s", slash ? (int)(slash - wanted->path) : 0,
		 wanted->path);
	dir = inroot_make_dir_here(run, parent);
	if (dir < 0)
		return dir;
	status = make_one(dir, slash ? slash + 1 : wanted->path, wanted);
	close(dir);
	return status;
}

static int find_all(struct tmpfiles_making *making)
{
	struct lines *names = &making->names;
	int status = read_accounts(making->root, "/etc/passwd", &making->passwd);
	size_t i;

	if (status == 0)
		status = read_accounts(making->root, "/etc/group", &making->group);
	for (i = 0; i < CONFIG_DIRS && status == 0; i++)
		status = find_configs(making, config_dirs[i]);
	if (names->count)
		qsort(names->line, names->count, sizeof(*names->line), compare_config_names);
	for (i = 0; i < names->count && status == 0; i++)
		if (i == 0 || strcmp(names->line[i], names->line[i - 1]) != 0)
			status = read_config(making, names->line[i]);
	if (making->count)
		qsort(making->wanted, making->count, sizeof(*making->wanted), compare_wanted);
	return status;
}

int tmpfiles_make(int root, int run)
{
	static char lock_path[] = "lock";
	static const struct wanted_dir lock = {.path = lock_path, .mode = 01777};
	struct tmpfiles_making making = {.root = root};
	int made, status = make_wanted(run, &lock);
	size_t i;

	if (status == 0)
		status = find_all(&making);
	for (i = 0; i < making.count && status == 0; i++) {
		made = make_wanted(run, &making.wanted[i]);
		debug("/run/%s: %s", making.wanted[i].path, made < 0 ? strerror(-made) : "made");
	}
	for (i = 0; i < making.count; i++)
		free(making.wanted[i].path);
	free(making.wanted);
	lines_clear(&making.passwd);
	lines_clear(&making.group);
	lines_clear(&making.names);
	return status;
}
