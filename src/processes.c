/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "processes.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "syscalls.h"
#include "trace.h"

static bool lives_in(pid_t pid, const struct stat *ns)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", (int)pid);
	return stat(path, &st) == 0 && st.st_dev == ns->st_dev && st.st_ino == ns->st_ino;
}

static ssize_t read_proc(pid_t pid, const char *file, char *text, size_t size)
{
	char path[64];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = read(fd, text, size - 1);
	close(fd);
	if (len < 0)
		return -errno;
	text[len] = '\0';
	return len;
}

/* A zombie or a process that cleared its arguments still has a name. */
static void describe(struct process *process)
{
	ssize_t len =
		read_proc(process->pid, "cmdline", process->command, sizeof(process->command));
	ssize_t i;

	if (len <= 0)
		len = read_proc(process->pid, "comm", process->command, sizeof(process->command));
	if (len <= 0)
		strcpy(process->command, "?");
	while (len > 0 && (process->command[len - 1] == '\0' || process->command[len - 1] == '\n'))
		process->command[--len] = '\0';
	for (i = 0; i < len; i++) {
		if (process->command[i] == '\0')
			process->command[i] = ' ';
		else if (iscntrl((unsigned char)process->command[i]))
			process->command[i] = '?';
	}
}

int processes_visit(int nsfd, int (*visit)(const struct process *process, void *arg), void *arg)
{
	DIR *dir = opendir("/proc");
	const struct dirent *entry;
	struct process process;
	struct stat ns;
	int status = 0;

	if (!dir)
		return -errno;
	if (fstat(nsfd, &ns) < 0)
		status = -errno;
	while (status == 0 && (entry = readdir(dir))) {
		process.pid = (pid_t)atoi(entry->d_name);
		if (process.pid <= 0 || !lives_in(process.pid, &ns))
			continue;
		describe(&process);
		status = visit(&process, arg);
	}
	closedir(dir);
	return status;
}

struct targets {
	struct stat ns;
	struct pollfd *pidfds;
	nfds_t count;
};

static int add_target(const struct process *process, void *arg)
{
	struct targets *targets = arg;
	struct pollfd *more;
	int fd = sys_pidfd_open(process->pid);

	if (fd < 0)
		return errno == ESRCH ? 0 : -errno;
	/* Looked at again behind the pidfd: the number may have changed hands in between. */
	more = reallocarray(targets->pidfds, targets->count + 1, sizeof(*more));
	if (!more || !lives_in(process->pid, &targets->ns)) {
		if (more)
			targets->pidfds = more;
		close(fd);
		return more ? 0 : -ENOMEM;
	}
	targets->pidfds = more;
	more[targets->count++] = (struct pollfd){.fd = fd, .events = POLLIN};
	return 0;
}

static void signal_all(const struct targets *targets, int sig)
{
	nfds_t i;

	for (i = 0; i < targets->count; i++)
		if (targets->pidfds[i].fd >= 0 &&
		    sys_pidfd_send_signal(targets->pidfds[i].fd, sig) < 0)
			trace("signal %d: %s", sig, strerror(errno));
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

/* Waits until all have ended; a pidfd is readable then. Returns how many have not. */
static nfds_t wait_all(struct targets *targets, int limit_ms)
{
	long deadline = now_ms() + limit_ms, left;
	nfds_t i, alive;

	for (;;) {
		alive = 0;
		for (i = 0; i < targets->count; i++)
			if (targets->pidfds[i].fd >= 0)
				alive++;
		left = deadline - now_ms();
		if (alive == 0 || left <= 0)
			return alive;
		if (poll(targets->pidfds, targets->count, (int)left) <= 0)
			continue;
		for (i = 0; i < targets->count; i++) {
			if (targets->pidfds[i].fd < 0 || !targets->pidfds[i].revents)
				continue;
			close(targets->pidfds[i].fd);
			targets->pidfds[i].fd = -1;
		}
	}
}

int processes_kill(int nsfd, int grace_ms)
{
	struct targets targets = {.pidfds = NULL};
	int status;
	nfds_t i;

	if (fstat(nsfd, &targets.ns) < 0)
		return -errno;
	status = processes_visit(nsfd, add_target, &targets);
	if (status == 0 && targets.count) {
		signal_all(&targets, SIGTERM);
		/* A stopped process takes SIGTERM only when it goes on. */
		signal_all(&targets, SIGCONT);
		if (wait_all(&targets, grace_ms) > 0) {
			signal_all(&targets, SIGKILL);
			wait_all(&targets, grace_ms);
		}
	}
	for (i = 0; i < targets.count; i++)
		if (targets.pidfds[i].fd >= 0)
			close(targets.pidfds[i].fd);
	free(targets.pidfds);
	return status < 0 ? status : (int)targets.count;
}
