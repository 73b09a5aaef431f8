/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mountpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmddir.h"
#include "connection.h"
#include "log.h"

bool mountpoint_is_ours(const struct mount *mount)
{
	dev_t device;

	/* The kernel soon reuses the number of a file system that has ended. */
	return connection_is_mounted(mount->fuse) && cmddir_is_mounted(mount->dir, &device) > 0 &&
	       device == mount->device;
}

void mountpoint_detach(const struct mount *mount)
{
	if (mountpoint_is_ours(mount) && umount2(mount->dir, MNT_DETACH | UMOUNT_NOFOLLOW) < 0)
		log_line(LOG_ERR, "cannot detach %s: %s (sudo umount -l)", mount->dir,
			 strerror(errno));
}

int mountpoint_prepare(const char *dir, struct failure *failure)
{
	int state, status;

	if (dir[0] != '/')
		return failure_set(failure, EINVAL, "%s is not an absolute path", dir);
	while ((state = cmddir_state_of(dir, CMDDIR_PATIENCE_MS)) > CMDDIR_MOUNTED) {
		status = cmddir_detach(dir, state);
		if (status < 0)
			return failure_set(failure, status, "cannot detach the dead mount on %s",
					   dir);
	}
	if (state == CMDDIR_MOUNTED)
		return failure_say(failure, EBUSY, "%s is already mounted", dir);
	if (state < 0)
		return failure_set(failure, state, "cannot look at %s", dir);
	return cmddir_open(dir, failure);
}

static int mount_on(int fd, const char *spec, int fuse, struct failure *failure)
{
	char target[64], data[160];

	snprintf(target, sizeof(target), "/proc/self/fd/%d", fd);
	snprintf(data, sizeof(data),
		 "fd=%d,rootmode=%o,user_id=0,group_id=0,default_permissions,allow_other", fuse,
		 (unsigned int)S_IFDIR);
	if (mount(spec, target, CMDDIR_FS_TYPE, MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
		  data) < 0)
		return failure_set(failure, errno, "cannot mount");
	return 0;
}

int mountpoint_mount(struct mount *mount, const char *spec, struct failure *failure)
{
	int status, fd = mountpoint_prepare(mount->dir, failure);

	mount->fuse = -1;
	if (fd < 0)
		return fd;
	mount->fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (mount->fuse >= 0)
		status = mount_on(fd, spec, mount->fuse, failure);
	else
		status = failure_set(failure, errno, "cannot open /dev/fuse%s",
				     errno == ENOENT || errno == ENODEV ? " (modprobe fuse)" : "");
	close(fd);
	if (status == 0 && cmddir_is_mounted(mount->dir, &mount->device) <= 0) {
		umount2(mount->dir, MNT_DETACH | UMOUNT_NOFOLLOW);
		status = failure_set(failure, EIO, "%s is not in the mount table", mount->dir);
	}
	if (status < 0 && mount->fuse >= 0) {
		close(mount->fuse);
		mount->fuse = -1;
	}
	return status;
}
