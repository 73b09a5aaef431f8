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
#include "notify.h"
#include "trusted.h"

struct sought {
	const char *dir;
	bool is_commands; /* a command directory is on top of it */
	dev_t device; /* then: of which file system */
};

static int look_at(const struct mountinfo *mount, void *arg)
{
	struct sought *sought = arg;

	/* The last line of a mount point is the mount on top. */
	if (strcmp(mount->mount_point, sought->dir) == 0) {
		sought->is_commands = strcmp(mount->fs_type, LINKSDIR_FS_TYPE) == 0;
		sought->device = mount->device;
	}
	return 0;
}

/* Whether a command directory, dead or alive, is on top of DIR. DEVICE may be NULL. */
static bool is_mounted(const char *dir, dev_t *device)
{
	struct sought sought = {.dir = dir};
	FILE *table = fopen("/proc/self/mountinfo", "re");

	if (!table)
		return false;
	mountinfo_visit(table, look_at, &sought);
	fclose(table);
	if (device)
		*device = sought.device;
	return sought.is_commands;
}

/* Whether what is mounted on DIR is a command directory that nobody serves. */
static bool is_dead(const char *dir)
{
	int fd;

	if (!is_mounted(dir, NULL))
		return false;
	/* To open it always asks the daemon, whatever the kernel has cached. */
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOTCONN || errno == ECONNABORTED;
	close(fd);
	return false;
}

bool mountpoint_is_ours(const struct mount *mount)
{
	dev_t device;

	/* The number of a file system that is gone is soon given to another one. */
	return notify_is_mounted(mount->fuse) && is_mounted(mount->dir, &device) &&
	       device == mount->device;
}

void mountpoint_detach(const struct mount *mount)
{
	if (mountpoint_is_ours(mount))
		umount2(mount->dir, MNT_DETACH | UMOUNT_NOFOLLOW);
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
	while (is_dead(dir))
		if (umount2(dir, MNT_DETACH | UMOUNT_NOFOLLOW) < 0)
			return failure_set(failure, errno, "cannot detach the dead mount on %s",
					   dir);
	if (is_mounted(dir, NULL)) {
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

static int mount_on(int fd, const char *spec, int fuse, struct failure *failure)
{
	char target[64], data[160];

	snprintf(target, sizeof(target), "/proc/self/fd/%d", fd);
	snprintf(data, sizeof(data),
		 "fd=%d,rootmode=%o,user_id=0,group_id=0,default_permissions,allow_other", fuse,
		 (unsigned int)S_IFDIR);
	if (mount(spec, target, LINKSDIR_FS_TYPE, MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
		  data) < 0)
		return failure_set(failure, errno, "cannot mount");
	return 0;
}

int mountpoint_mount(int fd, const char *spec, struct mount *mount, struct failure *failure)
{
	int status;

	mount->fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (mount->fuse < 0)
		return failure_set(failure, errno, "cannot open /dev/fuse%s",
				   errno == ENOENT || errno == ENODEV ? " (modprobe fuse)" : "");
	status = mount_on(fd, spec, mount->fuse, failure);
	if (status == 0 && !is_mounted(mount->dir, &mount->device)) {
		umount2(mount->dir, MNT_DETACH | UMOUNT_NOFOLLOW);
		status = failure_set(failure, EIO, "it is not in the mount table");
	}
	if (status < 0) {
		close(mount->fuse);
		mount->fuse = -1;
	}
	return status;
}
