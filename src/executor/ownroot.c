/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * inroot.h for a process whose own root directory is the one that is meant:
 * lslExecutor, once it is inside. ROOT is not used, paths are the process's.
 */
#include "config.h"

#include "inroot.h"

#include <errno.h>
#include <fcntl.h>

int inroot_open(int root, const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	(void)root;
	return fd < 0 ? -errno : fd;
}

int inroot_stat(int root, const char *path, struct stat *st)
{
	(void)root;
	return stat(path, st) < 0 ? -errno : 0;
}
