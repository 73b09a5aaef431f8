/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files of the configuration: their names, and whether only root can change
 * them.
 */
#include "config.h"

#include "conf/conf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dirstream.h"
#include "files/pathtext.h"
#include "safepath.h"

/* Why a path cannot be opened, or is not safe. */
static const char *reason_of(int err)
{
	switch (-err) {
	case ENOENT:
		return "does not exist: create it, with one section for each container";
	case EACCES:
		return "cannot be read without privilege: use sudo";
	case ENOTDIR:
		return "is below something that is not a directory";
	case EISDIR:
		return "is a directory: name a file in it";
	case ELOOP:
		return "is a symbolic link, or leads through one, and others could change the link: "
		       "give the path without links";
	case EPERM:
		return "is below a directory that users other than root own or can write to "
		       "(sudo chown root:root, chmod go-w)";
	case ENOMEM:
		return "cannot be read: not enough memory";
	default:
		return "cannot be opened";
	}
}

/*
 * Splits PATH at its last '/'. *DIR is absolute; the caller's, or NULL on
 * failure.
 */
static int split_path(const char *path, char **dir, const char **base)
{
	const char *slash = strrchr(path, '/');
	char *cwd = NULL;
	int len;

	*dir = NULL;
	*base = slash ? slash + 1 : path;
	if ((*base)[0] == '\0' || strcmp(*base, ".") == 0 || strcmp(*base, "..") == 0)
		return path[0] != '\0' ? -EISDIR : -ENOENT;
	if (path[0] != '/') {
		cwd = getcwd(NULL, 0);
		if (!cwd)
			return -errno;
	}
	len = asprintf(dir, "%s/%.*s", cwd ? cwd : "", (int)(*base - path), path);
	free(cwd);
	if (len < 0) {
		*dir = NULL;
		return -ENOMEM;
	}
	path_squeeze_slashes(*dir);
	return 0;
}

/*
 * Opens BASE in the directory DIR. Returns an fd of a file that only root can
 * change, or a negative errno.
 */
static int open_trusted(int dir, const char *base, const char **why)
{
	/*
	 * Without O_NONBLOCK a fifo or a device could make the caller wait
	 * here.
	 */
	int fd = openat(dir, base, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	int err = 0;
	struct stat st;

	if (fd < 0) {
		err = -errno;
		*why = reason_of(err);
		return err;
	}
	if (fstat(fd, &st) < 0) {
		err = -errno;
		*why = reason_of(err);
	} else if (!S_ISREG(st.st_mode)) {
		err = S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
		*why = S_ISDIR(st.st_mode) ? reason_of(err) : "is not a regular file";
	} else if (!safepath_is_root_only(&st)) {
		err = -EPERM;
		*why = "is writable by users other than root (sudo chown root:root, chmod go-w)";
	}
	if (err == 0)
		return fd;
	close(fd);
	return err;
}

/* The same as a stream. */
static int open_stream(int dir, const char *base, FILE **file, const char **why)
{
	int err, fd = open_trusted(dir, base, why);

	if (fd < 0)
		return fd;
	*file = fdopen(fd, "r");
	if (*file)
		return 0;
	err = -errno;
	*why = reason_of(err);
	close(fd);
	return err;
}

int conf_open(const char *path, FILE **file, const char **why)
{
	const char *base;
	char *parent;
	int dir, err;

	err = split_path(path, &parent, &base);
	dir = err == 0 ? safepath_open_dir(parent) : err;
	free(parent);
	if (dir < 0) {
		*why = reason_of(dir);
		return dir;
	}
	err = open_stream(dir, base, file, why);
	close(dir);
	return err;
}

/*
 * The directory beside it.
 */

static int read_of_dir(struct conf *conf, int dir, const char *dir_path, const char *name)
{
	const char *why;
	char *path;
	FILE *file;
	int status;

	if (asprintf(&path, "%s/%s", dir_path, name) < 0)
		return -ENOMEM;
	status = open_stream(dir, name, &file, &why);
	if (status < 0) {
		status = conf_add_unreadable(conf, path, status, why);
	} else {
		status = conf_add(file, path, conf);
		fclose(file);
	}
	free(path);
	return status;
}

static bool is_conf(const char *name)
{
	size_t len = strlen(name), end = strlen(".conf");

	return name[0] != '.' && len > end && strcmp(name + len - end, ".conf") == 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct names {
	char **list;
	size_t count;
};

/* Lists the files to read in DIR, an O_PATH fd, sorted. */
static int list_dir(int dir, struct names *names)
{
	DIR *stream = dirstream_open(dir, ".");
	const struct dirent *entry;
	char **list;
	int status = stream ? 0 : -errno;

	while (stream && status == 0 && (entry = readdir(stream))) {
		if (!is_conf(entry->d_name))
			continue;
		list = reallocarray(names->list, names->count + 1, sizeof(*list));
		if (list)
			names->list = list;
		if (!list || !(list[names->count] = strdup(entry->d_name)))
			status = -ENOMEM;
		else
			names->count++;
	}
	if (stream)
		closedir(stream);
	if (names->count)
		qsort(names->list, names->count, sizeof(*names->list), compare_names);
	return status;
}

/* Reads the files of the directory DIR, an fd with the path PATH. */
static int read_dir(struct conf *conf, int dir, const char *path)
{
	struct names names = {.count = 0};
	int status = list_dir(dir, &names);
	size_t i;

	if (status < 0 && status != -ENOMEM)
		status = conf_add_unreadable(conf, path, status, reason_of(status));
	for (i = 0; i < names.count; i++) {
		if (status == 0)
			status = read_of_dir(conf, dir, path, names.list[i]);
		free(names.list[i]);
	}
	free(names.list);
	return status;
}

/*
 * Opens the directory at PATH, which may be relative; it must be a safe path.
 */
static int open_dir(const char *path)
{
	const char *base;
	char *parent, *absolute = NULL;
	int fd, err = split_path(path, &parent, &base);

	if (err == 0 && asprintf(&absolute, "%s/%s", parent, base) < 0) {
		absolute = NULL;
		err = -ENOMEM;
	}
	fd = err == 0 ? safepath_open_dir(absolute) : err;
	free(absolute);
	free(parent);
	return fd;
}

/* Reads the file at PATH itself. */
static int read_file(const char *path, struct conf *conf, const char **why)
{
	FILE *file;
	int status = conf_open(path, &file, why);

	if (status < 0)
		return status;
	status = conf_add(file, path, conf);
	fclose(file);
	*why = reason_of(status);
	return status;
}

int conf_read(const char *path, struct conf *conf, const char **why)
{
	char *dir_path;
	int dir, status;

	memset(conf, 0, sizeof(*conf));
	if (asprintf(&dir_path, "%s" CONF_DIR_SUFFIX, path) < 0) {
		*why = reason_of(-ENOMEM);
		return -ENOMEM;
	}
	dir = open_dir(dir_path);
	status = read_file(path, conf, why);
	if (status == -ENOENT && dir != -ENOENT)
		status = 0;
	if (status == 0 && dir >= 0)
		status = read_dir(conf, dir, dir_path);
	else if (status == 0 && dir != -ENOENT)
		status = conf_add_unreadable(conf, dir_path, dir, reason_of(dir));
	if (status == -ENOMEM)
		*why = reason_of(status);
	if (dir >= 0)
		close(dir);
	free(dir_path);
	if (status < 0)
		conf_clear(conf);
	return status;
}
