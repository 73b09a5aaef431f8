/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "follower.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inheritance.h"
#include "rundir.h"
#include "monotonic.h"
#include "debug.h"
#include "rundir_lock.h"

/*
 * How many milliseconds to wait for another follower to end after the last
 * container has been stopped.
 */
#define PATIENCE_MS 2000

/* The program that this process runs, by its path: comm is made of that. */
static int own_path(char path[PATH_MAX])
{
	ssize_t len = readlink("/proc/self/exe", path, PATH_MAX - 1);

	if (len < 0)
		return -errno;
	path[len] = '\0';
	return 0;
}

/* In the child. It forks again and ends, so that init reaps the grandchild. */
static _Noreturn void become(bool seccomp)
{
	static const char *const plain[] = {"lsl", "refresh", "--follow", NULL};
	static const char *const open[] = {"lsl", "--disable-seccomp", "refresh", "--follow", NULL};
	const char *const *argv = seccomp ? plain : open;
	char path[PATH_MAX];

	if (own_path(path) < 0 || setsid() < 0)
		_exit(1);
	switch (fork()) {
	case -1:
		_exit(1);
	case 0:
		inheritance_close_but(-1);
		if (inheritance_close() < 0)
			_exit(1);
		inheritance_drop();
		execv(path, (char *const *)(uintptr_t)argv);
		_exit(1);
	default:
		_exit(0);
	}
}

/* ARG: a bool, whether it has a system call filter. */
static void run_follower(int socket, pid_t parent, void *arg)
{
	const bool *seccomp = arg;
	char byte;
	ssize_t n;

	(void)parent;
	do
		n = read(socket, &byte, 1);
	while (n < 0 && errno == EINTR);
	if (n == 1)
		become(*seccomp);
}

int follower_prepare(struct follower *follower, bool seccomp)
{
	return forked_start(&follower->process, SOCK_STREAM, run_follower, &seccomp);
}

int follower_go(struct follower *follower)
{
	bool is_told = write(follower->process.socket, "g", 1) == 1;
	int status = forked_end(&follower->process);

	debug("lsl refresh --follow: %s", is_told && status == 0 ? "started" : "cannot be started");
	return is_told ? status : -EPIPE;
}

void follower_cancel(struct follower *follower)
{
	(void)forked_end(&follower->process);
}

int follower_lock(int rundir)
{
	/*
	 * This is another lock than the flock(2) that every lsl takes on the
	 * file. The fd stays open, and so the lock stays.
	 */
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	long deadline = monotonic_ms() + PATIENCE_MS;
	int fd = openat(rundir, RUNDIR_LOCK, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	while (fcntl(fd, F_OFD_SETLK, &lock) < 0) {
		err = errno;
		if ((err != EAGAIN && err != EACCES) || monotonic_ms() > deadline) {
			close(fd);
			return err == EACCES ? -EAGAIN : -err;
		}
		usleep(20000);
	}
	return fd;
}

bool follower_is_current(int lock)
{
	struct stat st;

	return fstat(lock, &st) == 0 && st.st_nlink > 0;
}
