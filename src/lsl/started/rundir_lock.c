/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "started/rundir_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mount/cmdshow.h"
#include "files/hostdir.h"
#include "files/unlisted.h"
#include "base/debug.h"
#include "pathnames.h"
#include "started/record_write.h"
#include "rundir.h"
#include "rundir_visit.h"

/* If MNTDIR is no mount point, the first call fails with EINVAL. */
static int make_private_mount(void)
{
	if (mount(NULL, PATH_MNTDIR, NULL, MS_PRIVATE, NULL) == 0)
		return 0;
	if (errno != EINVAL)
		return -errno;
	debug("bind %s -> %s, private", PATH_MNTDIR, PATH_MNTDIR);
	if (mount(PATH_MNTDIR, PATH_MNTDIR, NULL, MS_BIND, NULL) < 0 ||
	    mount(NULL, PATH_MNTDIR, NULL, MS_PRIVATE, NULL) < 0)
		return -errno;
	return 0;
}

/*
 * Only root can open this file. With a lock on the directory itself, any user
 * could make root wait.
 */
static int open_rundir_lock(int dir, int flags)
{
	int fd = openat(dir, RUNDIR_LOCK, O_RDWR | flags | O_NOFOLLOW | O_CLOEXEC, 0600);
	int err;

	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	debug("wait for the lock: another lsl is at work");
	while (flock(fd, LOCK_EX) < 0) {
		if (errno == EINTR)
			continue;
		err = errno;
		close(fd);
		return -err;
	}
	return fd;
}

/*
 * Whether LOCK is still the file of that name in MNTDIR: another one may have
 * removed both while we waited.
 */
static bool is_current(int lock)
{
	struct stat ours, now;
	int dir = rundir_open();
	bool same = dir >= 0 && fstat(lock, &ours) == 0 &&
		    fstatat(dir, RUNDIR_LOCK, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
		    ours.st_dev == now.st_dev && ours.st_ino == now.st_ino;

	if (dir >= 0)
		close(dir);
	return same;
}

void rundir_unlock(struct rundir *rundir)
{
	close(rundir->dir);
	close(rundir->lock);
}

/*
 * Result of take_lock: MNTDIR was removed meanwhile, and there may be a new
 * one.
 */
#define TRY_AGAIN 1

/* Takes the lock of the current MNTDIR. */
static int take_lock(enum rundir_make make, int *lock)
{
	int dir, status = make == RUNDIR_MAKE_ALL ? hostdir_make(PATH_MNTDIR, 0711) : 0;

	if (status < 0)
		return status;
	dir = rundir_open();
	if (dir < 0)
		return dir == -ENOENT && make == RUNDIR_MAKE_ALL ? TRY_AGAIN : dir;
	*lock = open_rundir_lock(dir, make != RUNDIR_MAKE_NOTHING ? O_CREAT : 0);
	close(dir);
	if (*lock < 0)
		return *lock == -ENOENT && make != RUNDIR_MAKE_NOTHING ? TRY_AGAIN : *lock;
	if (is_current(*lock))
		return 0;
	close(*lock);
	return TRY_AGAIN;
}

int rundir_lock(enum rundir_make make, struct rundir *rundir)
{
	int status;

	do
		status = take_lock(make, &rundir->lock);
	while (status == TRY_AGAIN);
	if (status < 0)
		return status;
	if (make == RUNDIR_MAKE_ALL)
		status = make_private_mount();
	/*
	 * Opened only now, because an earlier fd would be below the new mount.
	 */
	if (status == 0)
		status = rundir->dir = rundir_open();
	if (status >= 0 && make == RUNDIR_MAKE_ALL)
		status = unlisted_make(rundir->dir);
	if (status < 0)
		close(rundir->lock);
	else
		debug("locked %s", PATH_MNTDIR);
	return status < 0 ? status : 0;
}

static int stop_at_first(const char *name, void *arg)
{
	(void)name;
	(void)arg;
	return 1;
}

int rundir_is_used(const struct rundir *rundir)
{
	return rundir_visit(rundir->dir, stop_at_first, NULL);
}

int rundir_remove_if_empty(const struct rundir *rundir)
{
	int status = rundir_is_used(rundir);

	if (status != 0)
		return status < 0 ? status : 0;
	status = record_remove(rundir->dir, HOST_NAME);
	if (status == 0)
		status = cmdshow_remove_links(rundir->dir);
	if (status < 0)
		return status;
	if (unlinkat(rundir->dir, RUNDIR_LOCK, 0) < 0 && errno != ENOENT)
		return -errno;
	debug("unmount %s", PATH_MNTDIR);
	while (umount2(PATH_MNTDIR, MNT_DETACH | UMOUNT_NOFOLLOW) == 0)
		;
	if (errno != EINVAL)
		return -errno;
	/*
	 * The directory stays if it has a foreign file in it, is a mount point,
	 * or the directory that it is in is held; then it is removed later.
	 */
	status = hostdir_remove(PATH_MNTDIR);
	return status == -ENOTEMPTY || status == -EBUSY || status == -ETIMEDOUT ? 0 : status;
}
