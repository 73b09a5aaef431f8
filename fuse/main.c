/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mount.lslfs, the mount helper of the command directory: mounts it, and stays
 * as the daemon that serves it. See mount(8), EXTERNAL HELPERS.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inheritance.h"
#include "log.h"
#include "mountpoint.h"
#include "options.h"
#include "supervisor.h"

/* As mount(8). */
#define EXIT_USAGE 1

static _Noreturn void fail(int status, const char *text)
{
	log_line(LOG_ERR, "%s", text);
	exit(status);
}

static void parse(int argc, char *argv[], struct options *options)
{
	struct failure failure;

	if (options_parse(argc, argv, options, &failure) < 0)
		fail(EXIT_USAGE, failure.text);
	if (options->wants_help) {
		fputs(options_help, stdout);
		exit(0);
	}
	if (options->wants_version) {
		puts("mount.lslfs (" PACKAGE_NAME ") " PACKAGE_VERSION);
		exit(0);
	}
	if (geteuid() != 0)
		fail(EXIT_USAGE,
		     "only root can mount the command directory (sudo mount -t lslfs ...)");
}

/* NS is a file, or the number of a process. */
static void enter_namespace(const char *ns)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/ns/mnt", ns);
	fd = open(ns[strspn(ns, "0123456789")] ? ns : path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNS) < 0) {
		log_line(LOG_ERR, "cannot enter the mount namespace %s: %m", ns);
		exit(EXIT_NOT_MOUNTED);
	}
	close(fd);
}

static void mount_directory(const struct options *options, struct mount *mount)
{
	struct failure failure;
	int status;

	if (options->ns)
		enter_namespace(options->ns);
	*mount = (struct mount){.dir = options->dir, .fuse = -1};
	if (options->is_fake)
		status = mountpoint_prepare(options->dir, &failure);
	else
		status = mountpoint_mount(mount, options->spec, &failure);
	if (status < 0)
		fail(EXIT_NOT_MOUNTED, failure.text);
	if (options->is_fake)
		exit(0);
}

/*
 * Makes the out-of-memory killer choose other processes first, if the kernel
 * allows that.
 */
static void avoid_oom_killer(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "-1000", 5) < 0)
		log_line(LOG_DEBUG, "the out-of-memory killer may choose this process: %m");
	close(fd);
}

/*
 * The parent waits until the directory can be used, and ends. Returns in the
 * child a descriptor to write to when the directory can be used.
 */
static int go_to_background(const struct mount *mount)
{
	int ready[2], wstatus;
	ssize_t n;
	char byte;
	pid_t pid;

	if (pipe2(ready, O_CLOEXEC) < 0 || (pid = fork()) < 0) {
		log_line(LOG_ERR, "cannot go to the background: %m");
		mountpoint_detach(mount);
		exit(EXIT_NOT_MOUNTED);
	}
	if (pid == 0) {
		close(ready[0]);
		return ready[1];
	}
	close(ready[1]);
	n = read(ready[0], &byte, 1);
	if (n == 1)
		_exit(0);
	if (n < 0) {
		log_line(LOG_ERR, "cannot wait for the daemon: %m");
		kill(pid, SIGTERM);
	}
	/* A daemon that exits has printed the reason and cleaned up. */
	if (waitpid(pid, &wstatus, 0) == pid && WIFSIGNALED(wstatus)) {
		log_line(LOG_ERR, "the daemon was killed before %s was ready: %s", mount->dir,
			 strsignal(WTERMSIG(wstatus)));
		mountpoint_detach(mount);
	}
	_exit(EXIT_NOT_MOUNTED);
}

int main(int argc, char *argv[])
{
	struct options options;
	struct mount mount;
	int ready = -1;

	if (inheritance_close() < 0)
		return EXIT_NOT_MOUNTED;
	parse(argc, argv, &options);
	mount_directory(&options, &mount);
	if (!options.is_foreground) {
		ready = go_to_background(&mount);
		if (setsid() < 0)
			log_failure(-errno, "leave the terminal");
	}
	inheritance_drop();
	log_open();
	avoid_oom_killer();
	return supervisor_run(&options, &mount, ready);
}
