/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mount/nspin.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

#include "nsfile_identify.h"

/* "/proc/self/fd/N/NAME": mount(2) and umount2(2) take no directory fd. */
struct pin_path {
	char text[128];
};

static struct pin_path pin_path(int rundir, const char *name)
{
	struct pin_path path;

	snprintf(path.text, sizeof(path.text), "/proc/self/fd/%d/%s", rundir, name);
	return path;
}

int nspin_make(int rundir, const char *name, pid_t pid)
{
	struct pin_path target = pin_path(rundir, name);
	char source[64];
	int fd, err;

	fd = openat(rundir, name, O_RDONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0444);
	if (fd < 0)
		return -errno;
	close(fd);

	snprintf(source, sizeof(source), "/proc/%d/ns/mnt", (int)pid);
	if (mount(source, target.text, NULL, MS_BIND, NULL) < 0) {
		err = errno;
		unlinkat(rundir, name, 0);
		return -err;
	}
	return 0;
}

int nspin_remove(int rundir, const char *name)
{
	struct pin_path path = pin_path(rundir, name);

	/*
	 * EINVAL: the file has no mount; ENOENT: there is no file. There is at
	 * most one mount, but a loop costs nothing.
	 */
	while (umount2(path.text, MNT_DETACH | UMOUNT_NOFOLLOW) == 0)
		;
	if (errno != EINVAL && errno != ENOENT)
		return -errno;
	if (unlinkat(rundir, name, 0) < 0 && errno != ENOENT)
		return -errno;
	return 0;
}

int nspin_identify_own(struct nsfile_id *id)
{
	int status, fd = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	status = nsfile_identify(fd, id);
	close(fd);
	return status;
}
