/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "helpers.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/debug.h"
#include "inheritance.h"
#include "lsl.h"
#include "pathnames.h"
#include "base/wholeio.h"

/* What the launcher can do. */
enum job {
	JOB_MOUNT,
	JOB_FOLLOW,
};

static _Noreturn void run_mounter(bool seccomp)
{
	const char *const argv[] = {PATH_MOUNTHELPER,      "lslfs",     PATH_LINKSDIR,
				    seccomp ? NULL : "-o", "noseccomp", NULL};

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

/* It forks again and ends, so that init reaps the grandchild. */
static _Noreturn void run_follower(bool seccomp)
{
	const char *const argv[] = {"lsl", "refresh", "--follow",
				    seccomp ? NULL : "--disable-seccomp", NULL};
	char path[PATH_MAX];
	pid_t pid;

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

/* Result of run_job: the program has failed, and has said why. */
#define JOB_FAILED 1

static int run_job(enum job job, bool seccomp)
{
	pid_t pid = fork();
	int wstatus;

	if (pid < 0)
		return -errno;
	if (pid == 0 && job == JOB_MOUNT)
		run_mounter(seccomp);
	if (pid == 0)
		run_follower(seccomp);
	while (waitpid(pid, &wstatus, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(wstatus) && WEXITSTATUS(wstatus) == 0 ? 0 : JOB_FAILED;
}

/* ARG: a bool, whether what it runs has a system call filter. */
static void run_launcher(int socket, pid_t parent, void *arg)
{
	const bool *seccomp = arg;
	enum job job;
	int status;

	(void)parent;
	while (wholeio_receive(socket, &job, sizeof(job)) == 0) {
		status = run_job(job, *seccomp);
		if (wholeio_send(socket, &status, sizeof(status)) < 0)
			return;
	}
}

bool helpers_start(struct helpers *helpers, bool seccomp)
{
	int status = rootwriter_start(&helpers->writer, seccomp);

	if (status == 0) {
		status = userdb_start(&helpers->writer.userdb);
		if (status == 0)
			status = forked_start(&helpers->launcher, SOCK_STREAM, run_launcher,
					      &seccomp);
		if (status < 0)
			rootwriter_end(&helpers->writer);
	}
	if (status < 0)
		lsl_say("cannot fork: %s", strerror(-status));
	return status == 0;
}

static int launch(struct helpers *helpers, enum job job)
{
	int answer = 0, status = wholeio_send(helpers->launcher.socket, &job, sizeof(job));

	if (status == 0)
		status = wholeio_receive(helpers->launcher.socket, &answer, sizeof(answer));
	return status < 0 ? status : answer;
}

int helpers_mount(struct helpers *helpers)
{
	int status;

	debug("run %s lslfs %s", PATH_MOUNTHELPER, PATH_LINKSDIR);
	status = launch(helpers, JOB_MOUNT);
	if (status < 0)
		lsl_say("cannot start %s: %s", PATH_MOUNTHELPER,
			status == -EPIPE ? "its process has ended" : strerror(-status));
	return status == JOB_FAILED ? -EIO : status;
}

int helpers_follow(struct helpers *helpers)
{
	int status = launch(helpers, JOB_FOLLOW);

	debug("lsl refresh --follow: %s", status == 0 ? "started" : "cannot be started");
	return status == JOB_FAILED ? -EIO : status;
}

void helpers_end(struct helpers *helpers)
{
	forked_end(&helpers->launcher);
	rootwriter_end(&helpers->writer);
}
