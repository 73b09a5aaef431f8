/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cmddir_state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmddir.h"
#include "debug.h"
#include "monotonic.h"
#include "pathnames.h"

/* A state or a negative errno, if it comes back. */
static int look(void)
{
	int status = cmddir_is_mounted(PATH_LINKSDIR, NULL);

	if (status <= 0)
		return status < 0 ? status : CMDDIR_UNMOUNTED;
	status = cmddir_ask(PATH_LINKSDIR);
	if (status == -ENOTCONN)
		return CMDDIR_DEAD;
	return status < 0 ? status : CMDDIR_MOUNTED;
}

/* 1: FD can be read, or is at its end; 0: not within LIMIT_MS milliseconds; or a negative errno. */
static int wait_readable(int fd, int limit_ms)
{
	struct pollfd answer = {.fd = fd, .events = POLLIN};
	long left, deadline = monotonic_ms() + limit_ms;
	int n;

	do {
		left = deadline - monotonic_ms();
		n = poll(&answer, 1, left > 0 ? (int)left : 0);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

static int receive_state(int fd, int limit_ms)
{
	int state, status = wait_readable(fd, limit_ms);

	if (status <= 0)
		return status < 0 ? status : CMDDIR_HUNG;
	return read(fd, &state, sizeof(state)) == (ssize_t)sizeof(state) ? state : -EIO;
}

static _Noreturn void send_state(int fd)
{
	int state;

	/* Should it take forever, nobody waits for the end of what we say. */
	close(STDOUT_FILENO);
	close(STDERR_FILENO);
	state = look();
	_exit(write(fd, &state, sizeof(state)) == (ssize_t)sizeof(state) ? 0 : 1);
}

/*
 * A process of its own may wait for ever. Killed, it ends, unless the daemon has taken its request and died with
 * it: then that is when the connection ends, and it is not waited for.
 */
int cmddir_state(int limit_ms)
{
	int results[2], status;
	pid_t pid;

	if (pipe2(results, O_CLOEXEC) < 0)
		return -errno;
	fflush(NULL);
	pid = fork();
	status = -errno;
	if (pid == 0)
		send_state(results[1]);
	close(results[1]);
	if (pid > 0) {
		status = receive_state(results[0], limit_ms);
		kill(pid, SIGKILL);
		while (waitpid(pid, NULL, status == CMDDIR_HUNG ? WNOHANG : 0) < 0 &&
		       errno == EINTR)
			;
	}
	close(results[0]);
	return status;
}

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
	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	close(fd);
	return 0;
}

int cmddir_prepare(struct failure *failure)
{
	if (mkdir(PATH_LINKSDIR, 0555) < 0 && errno != EEXIST)
		return failure_set(failure, errno, "cannot make %s", PATH_LINKSDIR);
	return cmddir_inspect(failure);
}

int cmddir_unmount(int state)
{
	int flags;

	for (; state > CMDDIR_UNMOUNTED; state = cmddir_state(CMDDIR_PATIENCE_MS)) {
		debug("unmount %s, which is %s", PATH_LINKSDIR, cmddir_state_name(state));
		if (state == CMDDIR_MOUNTED && umount2(PATH_LINKSDIR, UMOUNT_NOFOLLOW) == 0)
			continue;
		/* Who waits for an answer that will not come gets an error: FUSE ends the connection. See umount(2). */
		flags = state == CMDDIR_HUNG ? MNT_FORCE : 0;
		if (umount2(PATH_LINKSDIR, flags | MNT_DETACH | UMOUNT_NOFOLLOW) < 0)
			return -errno;
	}
	return state;
}

long cmddir_count(const char *name)
{
	char path[sizeof(PATH_LINKSDIR) + 256];
	long count = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/%s", PATH_LINKSDIR, name);
	dir = opendir(path);
	if (!dir)
		return -errno;
	while (readdir(dir))
		count++;
	closedir(dir);
	/* Without "." and "..". */
	return count < 2 ? 0 : count - 2;
}
