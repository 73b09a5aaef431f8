/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "helpers.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/debug.h"
#include "inheritance.h"
#include "lsl.h"
#include "pathnames.h"
#include "base/socketio.h"

/* In the process: waits until lsl lets it begin. False: lsl has ended it. */
static bool is_told(int socket)
{
	char byte;

	return socketio_receive(socket, &byte, 1) == 0;
}

/* ARG: a bool, whether it has a system call filter. */
static void run_mounter(int socket, pid_t parent, void *arg)
{
	static const char *const plain[] = {PATH_MOUNTHELPER, "lslfs", PATH_LINKSDIR, NULL};
	static const char *const unfiltered[] = {PATH_MOUNTHELPER, "lslfs", PATH_LINKSDIR, "-o",
						 "noseccomp",      NULL};
	const bool *seccomp = arg;
	const char *const *argv = *seccomp ? plain : unfiltered;

	(void)parent;
	if (!is_told(socket))
		return;
	execv(PATH_MOUNTHELPER, (char *const *)(uintptr_t)argv);
	lsl_say("cannot run %s: %s (is lsl installed completely?)", PATH_MOUNTHELPER,
		strerror(errno));
	_exit(1);
}

/* The program that this process runs, by its path: comm is made of that. */
static int own_path(char path[PATH_MAX])
{
	ssize_t len = readlink("/proc/self/exe", path, PATH_MAX - 1);

	if (len < 0)
		return -errno;
	path[len] = '\0';
	return 0;
}

/* The same. It forks again and ends, so that init reaps the grandchild. */
static void run_follower(int socket, pid_t parent, void *arg)
{
	static const char *const plain[] = {"lsl", "refresh", "--follow", NULL};
	static const char *const open[] = {"lsl", "--disable-seccomp", "refresh", "--follow", NULL};
	const bool *seccomp = arg;
	const char *const *argv = *seccomp ? plain : open;
	char path[PATH_MAX];
	pid_t pid;

	(void)parent;
	if (!is_told(socket))
		return;
	if (own_path(path) < 0 || setsid() < 0)
		_exit(1);
	pid = fork();
	if (pid != 0)
		_exit(pid < 0 ? 1 : 0);
	inheritance_close_but(-1);
	if (inheritance_close() < 0)
		_exit(1);
	inheritance_drop();
	execv(path, (char *const *)(uintptr_t)argv);
	_exit(1);
}

int helpers_start(struct helpers *helpers, bool seccomp)
{
	int status;

	*helpers = (struct helpers){.has_mounter = false};
	status = rootwriter_start(&helpers->writer, seccomp);
	if (status < 0)
		return status;
	status = rootwriter_start_userdb(&helpers->writer);
	if (status == 0)
		status = forked_start(&helpers->mounter, SOCK_STREAM, run_mounter, &seccomp);
	helpers->has_mounter = status == 0;
	if (status == 0)
		status = forked_start(&helpers->follower, SOCK_STREAM, run_follower, &seccomp);
	helpers->has_follower = status == 0;
	if (status < 0)
		helpers_end(helpers);
	return status;
}

int helpers_mount(struct helpers *helpers)
{
	int told, status;

	debug("run %s lslfs %s", PATH_MOUNTHELPER, PATH_LINKSDIR);
	helpers->has_mounter = false;
	told = socketio_send(helpers->mounter.socket, "g", 1);
	if (told < 0)
		lsl_say("cannot start %s: %s", PATH_MOUNTHELPER,
			told == -EPIPE ? "its process has ended" : strerror(-told));
	status = forked_end(&helpers->mounter);
	return told < 0 ? told : status;
}

int helpers_follow(struct helpers *helpers)
{
	int told, status;

	helpers->has_follower = false;
	told = socketio_send(helpers->follower.socket, "g", 1);
	status = forked_end(&helpers->follower);
	if (told < 0)
		status = told;
	debug("lsl refresh --follow: %s", status == 0 ? "started" : "cannot be started");
	return status;
}

/*
 * The last one first: it holds copies of our ends of the earlier sockets, and
 * the earlier processes wait for the end of file there.
 */
void helpers_end(struct helpers *helpers)
{
	if (helpers->has_follower)
		forked_end(&helpers->follower);
	if (helpers->has_mounter)
		forked_end(&helpers->mounter);
	rootwriter_end(&helpers->writer);
}
