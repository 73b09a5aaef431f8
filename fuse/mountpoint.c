/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mountpoint.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "linksdir.h"
#include "mountinfo.h"
#include "trusted.h"

struct sought {
	const char *dir;
	bool is_ours;
};

static int look_at(const struct mountinfo *mount, void *arg)
{
	struct sought *sought = arg;

	/* The last line of a mount point is the mount on top. */
	if (strcmp(mount->mount_point, sought->dir) == 0)
		sought->is_ours = strcmp(mount->fs_type, LINKSDIR_FS_TYPE) == 0;
	return 0;
}

/* Whether a command directory, dead or alive, is on top of DIR. */
static bool is_mounted(const char *dir)
{
	struct sought sought = {.dir = dir};
	FILE *table = fopen("/proc/self/mountinfo", "re");

	if (!table)
		return false;
	mountinfo_visit(table, look_at, &sought);
	fclose(table);
	return sought.is_ours;
}

bool mountpoint_is_dead(const char *dir)
{
	int fd;

	if (!is_mounted(dir))
		return false;
	/* To open it always asks the daemon, whatever the kernel has cached. */
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOTCONN || errno == ECONNABORTED;
	close(fd);
	return false;
}

void mountpoint_detach(const char *dir)
{
	if (is_mounted(dir))
		umount2(dir, MNT_DETACH | UMOUNT_NOFOLLOW);
}

/* 1 or 0, or a negative errno. */
static int is_empty(int mountpoint)
{
	int fd = openat(mountpoint, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	int err, count = 0;

	if (!dir) {
		err = errno;
		if (fd >= 0)
			close(fd);
		return -err;
	}
	while (readdir(dir))
		count++;
	closedir(dir);
	return count <= 2;
}

int mountpoint_prepare(const char *dir, struct failure *failure)
{
	int fd, status;

	if (dir[0] != '/')
		return failure_set(failure, EINVAL, "%s is not an absolute path", dir);
	while (mountpoint_is_dead(dir))
		mountpoint_detach(dir);
	if (is_mounted(dir)) {
		failure_say(failure, EINVAL, "%s is already mounted", dir);
		return -EBUSY;
	}

	fd = trusted_open_dir(dir);
	if (fd == -EPERM) {
		failure_say(
			failure, EINVAL,
			"%s or a directory that leads to it is not root's alone (chown root:root, chmod go-w)",
			dir);
		return fd;
	}
	if (fd < 0)
		return failure_set(failure, fd, "cannot open %s", dir);
	status = is_empty(fd);
	if (status > 0)
		return fd;
	close(fd);
	if (status == 0)
		return failure_set(failure, ENOTEMPTY, "%s has to be empty", dir);
	return failure_set(failure, status, "cannot read %s", dir);
}

int mountpoint_mount(int mountpoint, const char *spec, struct failure *failure)
{
	int err, fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	char target[64], data[160];

	if (fuse < 0)
		return failure_set(failure, errno, "cannot open /dev/fuse%s",
				   errno == ENOENT || errno == ENODEV ? " (modprobe fuse)" : "");
	snprintf(target, sizeof(target), "/proc/self/fd/%d", mountpoint);
	snprintf(data, sizeof(data),
		 "fd=%d,rootmode=%o,user_id=0,group_id=0,default_permissions,allow_other", fuse,
		 (unsigned int)S_IFDIR);
	if (mount(spec, target, LINKSDIR_FS_TYPE, MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
		  data) == 0)
		return fuse;
	err = errno;
	close(fuse);
	return failure_set(failure, err, "cannot mount");
}
