/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "inroot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "inroot_walk.h"
#include "syscalls.h"

/*
 * How often openat2(2) is tried. A user who keeps renaming directories must not
 * keep us here.
 */
#define TRIES 32

int inroot_open_below(int root, const char *path, int flags, bool same_mount)
{
	struct lsl_open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = LSL_RESOLVE_IN_ROOT | LSL_RESOLVE_NO_MAGICLINKS |
			   (same_mount ? LSL_RESOLVE_NO_XDEV : 0),
	};
	int fd, tries = 0;

	/*
	 * EAGAIN: something was renamed meanwhile, so ".." could not be
	 * trusted; openat2(2).
	 */
	do
		fd = sys_openat2(root, path, &how);
	while (fd < 0 && (errno == EAGAIN || errno == EINTR) && ++tries < TRIES);
	if (fd >= 0)
		return fd;
	if (errno == ENOSYS || errno == EPERM || errno == EAGAIN)
		return inroot_walk(root, path, flags, same_mount);
	return -errno;
}

int inroot_open(int root, const char *path, int flags)
{
	return inroot_open_below(root, path, flags, false);
}

int inroot_stat(int root, const char *path, struct stat *st)
{
	int fd = inroot_open(root, path, O_PATH);
	int status = 0;

	if (fd < 0)
		return fd;
	if (fstat(fd, st) < 0)
		status = -errno;
	close(fd);
	return status;
}
