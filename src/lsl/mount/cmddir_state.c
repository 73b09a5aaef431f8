/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mount/cmddir_state.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmddir.h"
#include "base/debug.h"
#include "files/hostdir.h"
#include "pathnames.h"
#include "timelimit.h"

/* How long, in milliseconds, a look into the directory may take. */
#define COUNT_MS 2000
#define FIND_MS 800

const char *cmddir_state_name(int state)
{
	static const char *const names[] = {
		[CMDDIR_UNMOUNTED] = "unmounted",
		[CMDDIR_MOUNTED] = "mounted",
		[CMDDIR_DEAD] = "dead",
		[CMDDIR_HUNG] = "hung",
	};

	return state < 0 ? NULL : names[state];
}

int cmddir_inspect(struct failure *failure)
{
	int fd;

	if (cmddir_is_mounted(PATH_LINKSDIR, NULL) > 0)
		return 0;
	fd = cmddir_open(PATH_LINKSDIR, failure);
	/* Users cannot list it; root sees whether it is empty. */
	if (fd == -ENOENT || fd == -EACCES)
		return 0;
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

int cmddir_prepare(struct failure *failure)
{
	int status = hostdir_make(PATH_LINKSDIR, 0511);

	if (status < 0)
		return failure_say(failure, status, "cannot make %s: %s", PATH_LINKSDIR,
				   hostdir_why(status));
	return cmddir_inspect(failure);
}

int cmddir_unmount(int state)
{
	int status;

	for (; state > CMDDIR_UNMOUNTED;
	     state = cmddir_state_of(PATH_LINKSDIR, CMDDIR_PATIENCE_MS)) {
		debug("unmount %s, which is %s", PATH_LINKSDIR, cmddir_state_name(state));
		if (state == CMDDIR_MOUNTED && umount2(PATH_LINKSDIR, UMOUNT_NOFOLLOW) == 0)
			continue;
		status = cmddir_detach(PATH_LINKSDIR, state);
		if (status < 0)
			return status;
	}
	return state;
}

static long count(const void *path)
{
	DIR *dir = opendir(path);
	long count = 0;

	if (!dir)
		return -errno;
	errno = 0;
	while (readdir(dir))
		count++;
	if (errno)
		count = -errno;
	closedir(dir);
	/* Without "." and "..". */
	return count >= 2 ? count - 2 : count;
}

long cmddir_count(const char *name)
{
	char path[sizeof(PATH_LINKSDIR) + 256];

	snprintf(path, sizeof(path), "%s/%s", PATH_LINKSDIR, name);
	return timelimit_run(count, path, COUNT_MS);
}

static long stat_command(const void *path)
{
	struct stat st;

	return stat(path, &st) < 0 ? -errno : 0;
}

int cmddir_find(const char *name)
{
	char path[sizeof(PATH_LINKSDIR) + 256];

	snprintf(path, sizeof(path), "%s/%s", PATH_LINKSDIR, name);
	return (int)timelimit_run(stat_command, path, FIND_MS);
}
