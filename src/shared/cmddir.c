/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cmddir.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "dirstream.h"
#include "mountinfo.h"
#include "safepath.h"
#include "timelimit.h"

struct top {
	const char *dir;
	bool is_commands; /* a command directory is on top of it */
	dev_t device; /* of its file system, if it is */
};

static int take_top(const struct mountinfo *mount, void *arg)
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
	int status = mountinfo_visit_own(take_top, &top);

	if (device)
		*device = top.device;
	return status < 0 ? status : top.is_commands;
}

/* A state, or a negative errno; may wait for as long as the daemon likes. */
static long ask_daemon(const void *arg)
{
	/* Opening asks the daemon, whatever the kernel has cached. */
	int fd = open(arg, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOTCONN || errno == ECONNABORTED ? CMDDIR_DEAD : -errno;
	close(fd);
	return CMDDIR_MOUNTED;
}

int cmddir_state_of(const char *dir, int limit_ms)
{
	int status = cmddir_is_mounted(dir, NULL);
	long state;

	if (status <= 0)
		return status < 0 ? status : CMDDIR_UNMOUNTED;
	state = timelimit_run(ask_daemon, dir, limit_ms);
	return state == -ETIMEDOUT ? CMDDIR_HUNG : (int)state;
}

int cmddir_detach(const char *dir, int state)
{
	/* MNT_FORCE aborts the connection, umount(2). */
	int force = state == CMDDIR_HUNG ? MNT_FORCE : 0;

	return umount2(dir, force | MNT_DETACH | UMOUNT_NOFOLLOW) < 0 ? -errno : 0;
}

int cmddir_open(const char *dir, struct failure *failure)
{
	int status, fd = safepath_open_dir(dir);

	if (fd == -EPERM)
		return failure_say(
			failure, fd,
			"%s, or a directory that leads to it, is writable by users other than root (sudo chown root:root, chmod go-w)",
			dir);
	if (fd < 0)
		return failure_set(failure, fd, "cannot open %s", dir);
	status = dirstream_is_empty(fd, ".");
	if (status > 0)
		return fd;
	close(fd);
	if (status < 0)
		return failure_set(failure, status, "cannot read %s", dir);
	return failure_set(failure, ENOTEMPTY, "%s must be empty: move its contents away", dir);
}
