/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files of the configuration: their names, and whether only root can change
 * them.
 */
#include "config.h"

#include "conf/conf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/pathtext.h"
#include "safepath.h"

/* Why a path cannot be opened, or is not safe. */
static const char *reason_of(int err)
{
	switch (-err) {
	case ENOENT:
		return "does not exist: create it, with one section for each container, "
		       "or call sudo lsl create NAME";
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
	default:
		return strerror(-err);
	}
}

/*
 * Opens the directory at the first LEN bytes of PATH, which may be relative; it
 * must be a safe path.
 */
static int open_safe_dir(const char *path, size_t len)
{
	char *cwd = path[0] == '/' ? NULL : getcwd(NULL, 0), *absolute;
	int fd;

	if (path[0] != '/' && !cwd)
		return -errno;
	if (asprintf(&absolute, "%s/%.*s", cwd ? cwd : "", (int)len, path) < 0)
		absolute = NULL;
	free(cwd);
	if (!absolute)
		return -ENOMEM;
	path_squeeze_slashes(absolute);
	fd = safepath_open_dir(absolute);
	free(absolute);
	return fd;
}

/* Opens BASE in the directory DIR, a file that only root can change. */
static int open_safe_file(int dir, const char *base, FILE **file, const char **why)
{
	/*
	 * Without O_NONBLOCK a fifo or a device could make the caller wait
	 * here.
	 */
	int fd = openat(dir, base, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	int err = 0;
	struct stat st;

	*why = NULL;
	if (fd < 0 || fstat(fd, &st) < 0) {
		err = -errno;
	} else if (S_ISDIR(st.st_mode)) {
		err = -EISDIR;
	} else if (!S_ISREG(st.st_mode)) {
		err = -EINVAL;
		*why = "is not a regular file";
	} else if (!safepath_is_root_only(&st)) {
		err = -EPERM;
		*why = "is writable by users other than root (sudo chown root:root, chmod go-w)";
	} else if (!(*file = fdopen(fd, "r"))) {
		err = -errno;
	}
	if (err == 0)
		return 0;
	if (!*why)
		*why = reason_of(err);
	if (fd >= 0)
		close(fd);
	return err;
}

int conf_open(const char *path, FILE **file, const char **why)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	int dir, err;

	if (base[0] == '\0' || strcmp(base, ".") == 0 || strcmp(base, "..") == 0)
		dir = path[0] != '\0' ? -EISDIR : -ENOENT;
	else
		dir = open_safe_dir(path, (size_t)(base - path));
	if (dir < 0) {
		*why = reason_of(dir);
		return dir;
	}
	err = open_safe_file(dir, base, file, why);
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
	FILE *file = NULL;
	int status;

	if (asprintf(&path, "%s/%s", dir_path, name) < 0)
		return -ENOMEM;
	status = open_safe_file(dir, name, &file, &why);
	if (status < 0) {
		status = conf_add_unreadable(conf, path, status, why);
	} else {
		status = conf_add(file, path, conf);
		fclose(file);
	}
	free(path);
	return status;
}

static int is_conf(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name), end = strlen(".conf");

	return entry->d_name[0] != '.' && len > end &&
	       strcmp(entry->d_name + len - end, ".conf") == 0;
}

/* Without setlocale(3), alphasort(3) compares as strcmp(3) does. */
static int read_conf_dir(struct conf *conf, int dir, const char *path)
{
	struct dirent **entries;
	int i, count, status = 0;
	char name[64];

	snprintf(name, sizeof(name), "/proc/self/fd/%d", dir);
	count = scandir(name, &entries, is_conf, alphasort);
	if (count < 0 && errno == ENOMEM)
		return -ENOMEM;
	if (count < 0)
		return conf_add_unreadable(conf, path, -errno, reason_of(-errno));
	for (i = 0; i < count; i++) {
		if (status == 0)
			status = read_of_dir(conf, dir, path, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return status;
}

/* Reads the file at PATH itself. */
static int read_conf_file(const char *path, struct conf *conf, const char **why)
{
	FILE *file = NULL;
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
	dir = open_safe_dir(dir_path, strlen(dir_path));
	status = read_conf_file(path, conf, why);
	if (status == -ENOENT && dir != -ENOENT)
		status = 0;
	if (status == 0 && dir >= 0)
		status = read_conf_dir(conf, dir, dir_path);
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
