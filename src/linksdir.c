/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "linksdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mountinfo.h"
#include "pathnames.h"
#include "trace.h"
#include "trusted.h"

static int find_mount(const struct mountinfo *mount, void *arg)
{
	bool *found = arg;

	/* The last line of a mount point is the mount on top. */
	if (strcmp(mount->mount_point, PATH_LINKSDIR) == 0)
		*found = strcmp(mount->fs_type, LINKSDIR_FS_TYPE) == 0;
	return 0;
}

int linksdir_state(void)
{
	FILE *table = fopen("/proc/self/mountinfo", "re");
	bool found = false;
	int fd, status;

	if (!table)
		return -errno;
	status = mountinfo_visit(table, find_mount, &found);
	fclose(table);
	if (status < 0)
		return status;
	if (!found)
		return LINKSDIR_UNMOUNTED;
	/* To open it always asks the daemon, whatever the kernel has cached. */
	fd = open(PATH_LINKSDIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		close(fd);
		return LINKSDIR_MOUNTED;
	}
	return errno == ENOTCONN || errno == ECONNABORTED ? LINKSDIR_DEAD : -errno;
}

/* Whether a process comes back from a look at it. Killed, it does in any case. */
static int ask_in_child(int limit_ms, int *state)
{
	struct pollfd answer = {.events = POLLIN};
	int results[2], status = 0;
	pid_t pid;

	if (pipe2(results, O_CLOEXEC) < 0)
		return -errno;
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		*state = linksdir_state();
		_exit(write(results[1], state, sizeof(*state)) == (ssize_t)sizeof(*state) ? 0 : 1);
	}
	if (pid < 0)
		status = -errno;
	close(results[1]);
	answer.fd = results[0];
	*state = LINKSDIR_HUNG;
	if (pid > 0 && poll(&answer, 1, limit_ms) > 0 &&
	    read(results[0], state, sizeof(*state)) != (ssize_t)sizeof(*state))
		status = -EIO;
	close(results[0]);
	if (pid > 0) {
		kill(pid, SIGKILL);
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	return status;
}

int linksdir_probe(int limit_ms)
{
	int state = LINKSDIR_HUNG, status = ask_in_child(limit_ms, &state);

	return status < 0 ? status : state;
}

const char *linksdir_state_name(int state)
{
	static const char *const names[] = {
		[LINKSDIR_UNMOUNTED] = "unmounted",
		[LINKSDIR_MOUNTED] = "mounted",
		[LINKSDIR_DEAD] = "dead",
		[LINKSDIR_HUNG] = "hung",
	};

	return state < 0 ? NULL : names[state];
}

static int is_empty(int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	int count = 0;

	if (!stream) {
		if (fd >= 0)
			close(fd);
		return -errno;
	}
	while (readdir(stream))
		count++;
	closedir(stream);
	return count <= 2;
}

int linksdir_inspect(struct failure *failure)
{
	int fd, status;

	if (linksdir_state() > LINKSDIR_UNMOUNTED)
		return 0;
	fd = trusted_open_dir(PATH_LINKSDIR);
	if (fd == -ENOENT)
		return 0;
	if (fd == -EPERM)
		return failure_say(
			failure, fd,
			"%s or a directory that leads to it is not root's alone (sudo chown root:root, chmod go-w)",
			PATH_LINKSDIR);
	if (fd < 0)
		return failure_set(failure, fd, "cannot open %s", PATH_LINKSDIR);
	status = is_empty(fd);
	close(fd);
	if (status < 0)
		return failure_set(failure, status, "cannot read %s", PATH_LINKSDIR);
	if (status == 0)
		return failure_set(failure, ENOTEMPTY, "%s must be empty, move its contents away",
				   PATH_LINKSDIR);
	return 0;
}

int linksdir_prepare(struct failure *failure)
{
	if (mkdir(PATH_LINKSDIR, 0555) < 0 && errno != EEXIST)
		return failure_set(failure, errno, "cannot make %s", PATH_LINKSDIR);
	return linksdir_inspect(failure);
}

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
	fprintf(stderr, "lsl: cannot run %s: %s (is lsl installed completely?)\n", PATH_MOUNTHELPER,
		strerror(errno));
	_exit(1);
}

int linksdir_mounter_start(struct linksdir_mounter *mounter, bool seccomp)
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

static int reap(pid_t pid)
{
	int wstatus;

	while (waitpid(pid, &wstatus, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(wstatus) && WEXITSTATUS(wstatus) == 0 ? 0 : -EIO;
}

int linksdir_mounter_go(struct linksdir_mounter *mounter)
{
	int status = 0;

	trace("run %s lslfs %s", PATH_MOUNTHELPER, PATH_LINKSDIR);
	if (write(mounter->control, "m", 1) != 1)
		status = -errno;
	close(mounter->control);
	return reap(mounter->pid) < 0 ? -EIO : status;
}

void linksdir_mounter_cancel(struct linksdir_mounter *mounter)
{
	close(mounter->control);
	reap(mounter->pid);
}

int linksdir_unmount(void)
{
	int state;

	while ((state = linksdir_state()) > LINKSDIR_UNMOUNTED) {
		trace("unmount %s", PATH_LINKSDIR);
		if (state == LINKSDIR_MOUNTED && umount2(PATH_LINKSDIR, UMOUNT_NOFOLLOW) == 0)
			continue;
		if (umount2(PATH_LINKSDIR, MNT_DETACH | UMOUNT_NOFOLLOW) < 0)
			return -errno;
	}
	return state;
}

long linksdir_count(const char *name)
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
