/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "outside.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "nsfile.h"
#include "syscalls.h"

/* /proc itself, and nothing mounted in its place. */
static int open_proc(void)
{
	int fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;

	if (fd < 0)
		return -errno;
	if (fstatfs(fd, &fs) == 0 && fs.f_type == LSL_PROC_SUPER_MAGIC)
		return fd;
	close(fd);
	return -ENOTTY;
}

static int open_first(int proc, const struct creds *creds)
{
	int lowered, status = creds_raise_ptrace(creds), fd = -1;

	if (status == 0) {
		fd = openat(proc, "1/ns/mnt", O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			status = -errno;
	}
	lowered = creds_lower(creds);
	if (status == 0)
		status = lowered < 0 ? lowered : nsfile_prove(fd);
	if (status == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return status;
}

int outside_open(const struct creds *creds)
{
	int nsfd, proc = open_proc();

	if (proc < 0)
		return proc;
	nsfd = open_first(proc, creds);
	close(proc);
	return nsfd;
}
