/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cmddir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mountinfo.h"
#include "safepath.h"

struct top {
	const char *dir;
	bool is_commands; /* a command directory is on top of it */
	dev_t device; /* then: of which file system */
};

static int look_at(const struct mountinfo *mount, void *arg)
{
	struct top *top = arg;

	/* The last line of a mount point is the mount on top. */
	if (strcmp(mount->mount_point, top->dir) == 0) {
		top->is_commands = strcmp(mount->fs_type, CMDDIR_FS_TYPE) == 0;
		top->device = mount->device;
	}
	return 0;
}

int cmddir_is_mounted(const char *dir, dev_t *device)
{
	struct top top = {.dir = dir};
	FILE *table = fopen("/proc/self/mountinfo", "re");
	int status;

	if (!table)
		return -errno;
	status = mountinfo_visit(table, look_at, &top);
	fclose(table);
	if (device)
		*device = top.device;
	return status < 0 ? status : top.is_commands;
}

int cmddir_ask(const char *dir)
{
	/* Whatever the kernel has cached, to open it asks the daemon. */
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return errno == ECONNABORTED ? -ENOTCONN : -errno;
	close(fd);
	return 0;
}

/* 1 or 0, or a negative errno. */
static int is_empty(int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	int err = errno, count = 0;

	if (!stream) {
		if (fd >= 0)
			close(fd);
		return -err;
	}
	while (readdir(stream))
		count++;
	closedir(stream);
	return count <= 2;
}

int cmddir_open(const char *dir, struct failure *failure)
{
	int status, fd = safepath_open_dir(dir);

	if (fd == -EPERM)
		return failure_say(
			failure, fd,
			"%s or a directory that leads to it is not root's alone (sudo chown root:root, chmod go-w)",
			dir);
	if (fd < 0)
		return failure_set(failure, fd, "cannot open %s", dir);
	status = is_empty(fd);
	if (status > 0)
		return fd;
	close(fd);
	if (status < 0)
		return failure_set(failure, status, "cannot read %s", dir);
	return failure_set(failure, ENOTEMPTY, "%s must be empty, move its contents away", dir);
}
