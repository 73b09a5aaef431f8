/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "nsfile.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "syscalls.h"

/* proc(5) */
#define OWN_USERNS "/proc/self/ns/user"

static int require_nsfs(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return -errno;
	return fs.f_type == LSL_NSFS_MAGIC ? 0 : -ENOTTY;
}

/*
 * Whether the user namespace that owns NSFD's namespace is ours, ioctl_ns(2).
 * The initial one has a fixed inode number and needs no comparison: a process
 * that is not in it has no privilege there, so setns(2) refuses. Opening a file
 * in /proc costs a new process more than all the rest of this file.
 */
static int require_own_userns(int nsfd)
{
	struct stat owner, own;
	int fd, status = 0;

	/* EPERM: the owner is not a user namespace below ours. */
	fd = ioctl(nsfd, LSL_NS_GET_USERNS);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &owner) < 0)
		status = -errno;
	else if (owner.st_ino == LSL_INITIAL_USERNS_INO)
		status = 0;
	else if (stat(OWN_USERNS, &own) < 0)
		status = -errno;
	else if (owner.st_dev != own.st_dev || owner.st_ino != own.st_ino)
		status = -EPERM;
	close(fd);
	return status;
}

/* Only files of nsfs know this request; others answer ENOTTY. */
int nsfile_prove(int nsfd)
{
	int type, status = require_nsfs(nsfd);

	if (status < 0)
		return status;
	type = ioctl(nsfd, LSL_NS_GET_NSTYPE);
	if (type < 0)
		return -errno;
	if (type != CLONE_NEWNS)
		return -EPERM;
	return require_own_userns(nsfd);
}

static bool is_id(const struct stat *st, const struct nsfile_id *id)
{
	return id->ino != 0 && st->st_ino == id->ino && st->st_dev == id->dev;
}

/*
 * Whether NAME may be opened: opening a file that is not on nsfs could have
 * effects.
 */
static int require_openable(int rundir, const char *name, const struct nsfile_id *proved)
{
	struct stat st;
	int fd, status;

	if (proved && fstatat(rundir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && is_id(&st, proved))
		return 0;
	fd = openat(rundir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	status = require_nsfs(fd);
	close(fd);
	return status;
}

int nsfile_open(int rundir, const char *name, const struct nsfile_id *proved)
{
	int fd, status = require_openable(rundir, name, proved);

	if (status < 0)
		return status;
	fd = openat(rundir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* Of the opened file: lsl may have replaced it meanwhile. */
	if (proved && nsfile_is(fd, proved))
		return fd;
	status = nsfile_prove(fd);
	if (status < 0) {
		close(fd);
		return status;
	}
	return fd;
}

int nsfile_open_by_id(const struct nsfile_id *proved)
{
	struct lsl_nsfs_handle handle = {
		.size = sizeof(handle) - offsetof(struct lsl_nsfs_handle, id),
		.type = LSL_FILEID_NSFS,
		.id = proved->id,
		.ns_type = CLONE_NEWNS,
		.ino = (uint32_t)proved->ino,
	};
	int fd;

	if (!proved->id)
		return -ENOENT;
	fd = sys_open_by_handle_at(LSL_FD_NSFS_ROOT, &handle, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (nsfile_is(fd, proved))
		return fd;
	close(fd);
	return -ESTALE;
}

bool nsfile_is(int nsfd, const struct nsfile_id *id)
{
	struct stat st;

	return fstat(nsfd, &st) == 0 && is_id(&st, id);
}

int nsfile_enter(int nsfd)
{
	if (setns(nsfd, CLONE_NEWNS) == 0)
		return 0;
	/*
	 * EINVAL: root and working directory are shared with another process,
	 * clone(2). The other process stays where it is.
	 */
	if (errno == EINVAL && unshare(CLONE_FS) == 0 && setns(nsfd, CLONE_NEWNS) == 0)
		return 0;
	return -errno;
}
