/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "files/hostdir.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "timelimit.h"

/* In milliseconds. Nothing depends on the removal. */
#define MAKE_MS 20000
#define REMOVE_MS 2000

struct making_directory {
	const char *path;
	mode_t mode;
};

static long make_hostdir(const void *arg)
{
	const struct making_directory *making = arg;

	return mkdir(making->path, making->mode) < 0 && errno != EEXIST ? -errno : 0;
}

static int make_missing(const char *path, mode_t mode)
{
	const struct making_directory making = {path, mode};
	struct stat st;

	if (lstat(path, &st) == 0)
		return 0;
	return (int)timelimit_run(make_hostdir, &making, MAKE_MS);
}

int hostdir_make(const char *path, mode_t mode)
{
	const char *slash = path;
	char part[PATH_MAX];
	int status;
	size_t len;

	do {
		slash = strchr(slash + 1, '/');
		len = slash ? (size_t)(slash - path) : strlen(path);
		if (len >= sizeof(part))
			return -ENAMETOOLONG;
		memcpy(part, path, len);
		part[len] = '\0';
		status = make_missing(part, slash ? 0755 : mode);
	} while (slash && status == 0);
	return status;
}

static long remove_hostdir(const void *path)
{
	return rmdir(path) < 0 ? -errno : 0;
}

int hostdir_remove(const char *path)
{
	return (int)timelimit_run(remove_hostdir, path, REMOVE_MS);
}

const char *hostdir_why(int status)
{
	return status == -ETIMEDOUT
		       ? "a directory does not answer (a process may hold it: lsl-problems(7))"
		       : strerror(-status);
}
