/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mounter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "debug.h"
#include "message.h"
#include "pathnames.h"

static _Noreturn void run_mounter(int control, bool seccomp)
{
	static const char *const plain[] = {PATH_MOUNTHELPER, "lslfs", PATH_LINKSDIR, NULL};
	static const char *const open_handed[] = {PATH_MOUNTHELPER, "lslfs", PATH_LINKSDIR, "-o",
						  "noseccomp",      NULL};
	const char *const *argv = seccomp ? plain : open_handed;
	char byte;
	ssize_t n;

	do
		n = read(control, &byte, 1);
	while (n < 0 && errno == EINTR);
	if (n != 1)
		_exit(0);
	execv(PATH_MOUNTHELPER, (char *const *)(uintptr_t)argv);
	message("lsl: ", "cannot run %s: %s (is lsl installed completely?)", PATH_MOUNTHELPER,
		strerror(errno));
	_exit(1);
}

int mounter_start(struct mounter *mounter, bool seccomp)
{
	int control[2], err;

	if (pipe2(control, O_CLOEXEC) < 0)
		return -errno;
	fflush(NULL);
	mounter->pid = fork();
	if (mounter->pid == 0) {
		close(control[1]);
		run_mounter(control[0], seccomp);
	}
	err = errno;
	close(control[0]);
	mounter->control = control[1];
	if (mounter->pid > 0)
		return 0;
	close(control[1]);
	return -err;
}

static int wait_for_mounter(pid_t pid)
{
	int wstatus;

	while (waitpid(pid, &wstatus, 0) < 0) {
		if (errno == EINTR)
			continue;
		message("lsl: ", "cannot wait for %s: %s", PATH_MOUNTHELPER, strerror(errno));
		return -EIO;
	}
	return WIFEXITED(wstatus) && WEXITSTATUS(wstatus) == 0 ? 0 : -EIO;
}

int mounter_go(struct mounter *mounter)
{
	bool is_told;

	debug("run %s lslfs %s", PATH_MOUNTHELPER, PATH_LINKSDIR);
	is_told = write(mounter->control, "m", 1) == 1;
	if (!is_told)
		message("lsl: ", "cannot start %s: %s", PATH_MOUNTHELPER, strerror(errno));
	close(mounter->control);
	return wait_for_mounter(mounter->pid) < 0 || !is_told ? -EIO : 0;
}

void mounter_cancel(struct mounter *mounter)
{
	close(mounter->control);
	wait_for_mounter(mounter->pid);
}
