/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mounter.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "debug.h"
#include "message.h"
#include "pathnames.h"

/* ARG: a bool, whether it has a system call filter. */
static void run_mounter(int socket, pid_t parent, void *arg)
{
	static const char *const plain[] = {PATH_MOUNTHELPER, "lslfs", PATH_LINKSDIR, NULL};
	static const char *const unfiltered[] = {PATH_MOUNTHELPER, "lslfs", PATH_LINKSDIR, "-o",
						 "noseccomp",      NULL};
	const bool *seccomp = arg;
	const char *const *argv = *seccomp ? plain : unfiltered;
	char byte;
	ssize_t n;

	(void)parent;
	do
		n = read(socket, &byte, 1);
	while (n < 0 && errno == EINTR);
	if (n != 1)
		return;
	execv(PATH_MOUNTHELPER, (char *const *)(uintptr_t)argv);
	message("lsl: ", "cannot run %s: %s (is lsl installed completely?)", PATH_MOUNTHELPER,
		strerror(errno));
	_exit(1);
}

int mounter_start(struct mounter *mounter, bool seccomp)
{
	return forked_start(&mounter->process, SOCK_STREAM, run_mounter, &seccomp);
}

int mounter_go(struct mounter *mounter)
{
	bool is_told;

	debug("run %s lslfs %s", PATH_MOUNTHELPER, PATH_LINKSDIR);
	is_told = write(mounter->process.socket, "m", 1) == 1;
	if (!is_told)
		message("lsl: ", "cannot start %s: %s", PATH_MOUNTHELPER, strerror(errno));
	return forked_end(&mounter->process) < 0 || !is_told ? -EIO : 0;
}

void mounter_cancel(struct mounter *mounter)
{
	forked_end(&mounter->process);
}
