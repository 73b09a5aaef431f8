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

#include "monotonic.h"
#include "syscalls.h"
#include "trace.h"

int mountns_id_of(int nsfd, struct mountns_id *id)
{
	struct stat st;

	if (fstat(nsfd, &st) < 0)
		return -errno;
	*id = (struct mountns_id){st.st_dev, st.st_ino};
	return 0;
}

/* The number of the one of IDS that PID is in; COUNT when it is in none. */
static size_t namespace_of(pid_t pid, const struct mountns_id *ids, size_t count)
{
	char path[64];
	struct stat st;
	size_t i;

	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", (int)pid);
	if (stat(path, &st) < 0)
		return count;
	for (i = 0; i < count; i++)
		if (st.st_dev == ids[i].dev && st.st_ino == ids[i].ino)
			break;
	return i;
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

static uid_t uid_of(pid_t pid)
{
	static const char key[] = "\nUid:";
	char text[2048];
	const char *line;
	unsigned int uid;

	if (read_proc(pid, "status", text, sizeof(text)) <= 0)
		return (uid_t)-1;
	line = strstr(text, key);
	return line && sscanf(line + strlen(key), "%u", &uid) == 1 ? uid : (uid_t)-1;
}

static double seconds(clockid_t clock)
{
	struct timespec now = {0};

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* proc_pid_stat(5) has it in field 22, in ticks since boot; after a name that may have anything in it. */
static time_t start_of(pid_t pid)
{
	unsigned long long ticks;
	char text[1024];
	const char *at;
	int field;

	if (read_proc(pid, "stat", text, sizeof(text)) <= 0)
		return 0;
	at = strrchr(text, ')');
	for (field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	if (!at || sscanf(at, "%llu", &ticks) != 1)
		return 0;
	return (time_t)(seconds(CLOCK_REALTIME) - seconds(CLOCK_BOOTTIME) +
			(double)ticks / (double)sysconf(_SC_CLK_TCK));
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

int processes_visit(const struct mountns_id *ids, size_t count,
		    int (*visit)(const struct process *process, size_t ns, void *arg), void *arg)
{
	DIR *dir = opendir("/proc");
	const struct dirent *entry;
	struct process process = {0};
	int status = 0;
	size_t ns;

	if (!dir)
		return -errno;
	while (status == 0 && (entry = readdir(dir))) {
		process.pid = (pid_t)atoi(entry->d_name);
		if (process.pid <= 0)
			continue;
		ns = namespace_of(process.pid, ids, count);
		if (ns == count)
			continue;
		process.uid = uid_of(process.pid);
		process.started = start_of(process.pid);
		describe(&process);
		status = visit(&process, ns, arg);
	}
	closedir(dir);
	return status;
}

struct targets {
	struct mountns_id ns;
	struct pollfd *pidfds;
	nfds_t count;
};

static int add_target(const struct process *process, size_t ns, void *arg)
{
	struct targets *targets = arg;
	struct pollfd *more;
	int fd = sys_pidfd_open(process->pid);

	(void)ns;
	if (fd < 0)
		return errno == ESRCH ? 0 : -errno;
	/* Looked at again behind the pidfd: the number may have changed hands in between. */
	more = reallocarray(targets->pidfds, targets->count + 1, sizeof(*more));
	if (!more || namespace_of(process->pid, &targets->ns, 1) != 0) {
		if (more)
			targets->pidfds = more;
		close(fd);
		return more ? 0 : -ENOMEM;
	}
	targets->pidfds = more;
	trace("to be ended: %d %.80s", (int)process->pid, process->command);
	more[targets->count++] = (struct pollfd){.fd = fd, .events = POLLIN};
	return 0;
}

static void signal_all(const struct targets *targets, int sig)
{
	nfds_t i;

	trace("signal %d to all of them", sig);
	for (i = 0; i < targets->count; i++)
		if (targets->pidfds[i].fd >= 0 &&
		    sys_pidfd_send_signal(targets->pidfds[i].fd, sig) < 0)
			trace("signal %d: %s", sig, strerror(errno));
}

/* Waits until all have ended; a pidfd is readable then. Returns how many have not. */
static nfds_t wait_all(struct targets *targets, int limit_ms)
{
	long deadline = monotonic_ms() + limit_ms, left;
	nfds_t i, alive;

	for (;;) {
		alive = 0;
		for (i = 0; i < targets->count; i++)
			if (targets->pidfds[i].fd >= 0)
				alive++;
		left = deadline - monotonic_ms();
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
	int status = mountns_id_of(nsfd, &targets.ns);
	nfds_t i;

	if (status < 0)
		return status;
	status = processes_visit(&targets.ns, 1, add_target, &targets);
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
