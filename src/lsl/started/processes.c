/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "started/processes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "monotonic.h"
#include "syscalls_more.h"
#include "base/debug.h"

/* The time between two searches for new processes. */
#define LOOK_AGAIN_MS 50

/* The number of successive searches that must find nothing. */
#define CLEAN_LOOKS 10

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

/*
 * proc_pid_stat(5) has it in field 22, in ticks since boot. The name before it
 * may have any bytes.
 */
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
	for (i = 0; i < len; i++)
		if (process->command[i] == '\0')
			process->command[i] = ' ';
}

/*
 * Returns the number of processes, by their numbers in LIST, in the order of
 * /proc; the caller frees it. Or a negative errno.
 */
static ssize_t list_pids(pid_t **list)
{
	DIR *dir = opendir("/proc");
	const struct dirent *entry;
	ssize_t count = 0;
	pid_t pid, *longer;

	*list = NULL;
	if (!dir)
		return -errno;
	for (errno = 0; count >= 0 && (entry = readdir(dir)); errno = 0) {
		pid = (pid_t)atoi(entry->d_name);
		if (pid <= 0)
			continue;
		longer = reallocarray(*list, (size_t)count + 1, sizeof(pid));
		if (longer) {
			*list = longer;
			longer[count++] = pid;
		} else {
			count = -ENOMEM;
		}
	}
	if (count >= 0 && errno)
		count = -errno;
	closedir(dir);
	return count;
}

int processes_visit(struct homes *homes,
		    int (*visit)(const struct process *process, const struct home *home, void *arg),
		    void *arg)
{
	const struct home *home;
	struct process process;
	pid_t *pids;
	ssize_t i, count = list_pids(&pids);
	int status = count < 0 ? (int)count : 0;

	for (i = 0; i < count && status == 0; i++) {
		home = homes_of(homes, pids[i]);
		if (!home)
			continue;
		process.pid = pids[i];
		process.uid = uid_of(pids[i]);
		process.started = start_of(pids[i]);
		describe(&process);
		status = visit(&process, home, arg);
	}
	free(pids);
	return status;
}

struct targets {
	struct homes *homes;
	const char *name; /* of the container */
	pid_t *pids;
	struct pollfd *pidfds; /* -1: it has ended */
	nfds_t count;
	int sig; /* for each that is found */
};

static void send_signal(const struct targets *targets, nfds_t i, int sig)
{
	if (targets->pidfds[i].fd >= 0 && sys_pidfd_send_signal(targets->pidfds[i].fd, sig) < 0 &&
	    errno != ESRCH)
		debug("signal %d to %d: %s", sig, (int)targets->pids[i], strerror(errno));
}

static bool is_target(const struct targets *targets, pid_t pid)
{
	nfds_t i;

	for (i = 0; i < targets->count; i++)
		if (targets->pids[i] == pid && targets->pidfds[i].fd >= 0)
			return true;
	return false;
}

/* Its attributes can be read only while it runs. */
static void trace_target(const struct targets *targets, pid_t pid)
{
	struct process process = {.pid = pid};

	if (!debug_is_enabled())
		return;
	describe(&process);
	debug("to be ended: %d %s", (int)pid, process.command);
	debug("signal %d to %d", targets->sig, (int)pid);
}

/* Takes FD, a pidfd of PID. */
static int take_target(struct targets *targets, pid_t pid, int fd)
{
	struct pollfd *pidfds = reallocarray(targets->pidfds, targets->count + 1, sizeof(*pidfds));
	pid_t *pids = pidfds ? reallocarray(targets->pids, targets->count + 1, sizeof(*pids))
			     : NULL;

	if (pidfds)
		targets->pidfds = pidfds;
	if (!pids)
		return -ENOMEM;
	targets->pids = pids;
	pids[targets->count] = pid;
	pidfds[targets->count] = (struct pollfd){.fd = fd, .events = POLLIN};
	trace_target(targets, pid);
	send_signal(targets, targets->count, targets->sig);
	/* A stopped process handles SIGTERM only when it continues. */
	send_signal(targets, targets->count, SIGCONT);
	targets->count++;
	return 0;
}

static bool is_at_home(const struct targets *targets, pid_t pid)
{
	const struct home *home = homes_of(targets->homes, pid);

	return home && strcmp(home->name, targets->name) == 0;
}

/*
 * Signals PID as soon as it is found: the longer it runs, the more processes it
 * can start.
 */
static int find_target(struct targets *targets, pid_t pid)
{
	int fd, status = 0;

	if (!is_at_home(targets, pid) || is_target(targets, pid))
		return 0;
	fd = sys_pidfd_open(pid);
	if (fd < 0)
		return errno == ESRCH ? 0 : -errno;
	/*
	 * Checks it again after the pidfd is open, because another process may
	 * have got the number.
	 */
	if (is_at_home(targets, pid))
		status = take_target(targets, pid, fd);
	else
		close(fd);
	if (status < 0)
		close(fd);
	return status;
}

/*
 * Signals processes of the container that were not found before, the youngest
 * first: if each process starts another one and ends, only the youngest still
 * runs. Returns their number, or a negative errno.
 */
static int find_targets(struct targets *targets)
{
	nfds_t before = targets->count;
	pid_t *pids = NULL;
	ssize_t count = list_pids(&pids);
	int status = count < 0 ? (int)count : 0;

	while (pids && status == 0 && count > 0)
		status = find_target(targets, pids[--count]);
	free(pids);
	return status < 0 ? status : (int)(targets->count - before);
}

/* How many have not ended yet. */
static nfds_t count_alive(const struct targets *targets)
{
	nfds_t i, alive = 0;

	for (i = 0; i < targets->count; i++)
		if (targets->pidfds[i].fd >= 0)
			alive++;
	return alive;
}

/*
 * Waits until one of them has ended, for LIMIT_MS at most; a pidfd is readable
 * then.
 */
static int wait_for_one(struct targets *targets, int limit_ms)
{
	nfds_t i;

	if (poll(targets->pidfds, targets->count, limit_ms) < 0 && errno != EINTR)
		return -errno;
	for (i = 0; i < targets->count; i++) {
		if (targets->pidfds[i].fd < 0 || !targets->pidfds[i].revents)
			continue;
		close(targets->pidfds[i].fd);
		targets->pidfds[i].fd = -1;
	}
	return 0;
}

/*
 * Signals all of them until no search finds any, since the processes found may
 * have started others meanwhile. One search can miss a process that is started
 * and ends during it. PROCESSES_LEFT if one is left after LIMIT_MS, or a
 * negative errno.
 */
static int end_targets(struct targets *targets, int sig, int limit_ms)
{
	long deadline = monotonic_ms() + limit_ms;
	int found, status, clean = 0;
	nfds_t i;

	targets->sig = sig;
	for (i = 0; i < targets->count; i++)
		send_signal(targets, i, sig);
	do {
		found = find_targets(targets);
		if (found < 0)
			return found;
		clean = found || count_alive(targets) ? 0 : clean + 1;
		if (clean == CLEAN_LOOKS)
			return 0;
		status = wait_for_one(targets, clean ? 1 : LOOK_AGAIN_MS);
		if (status < 0)
			return status;
	} while (monotonic_ms() < deadline);
	return PROCESSES_LEFT;
}

static void clear_targets(struct targets *targets)
{
	nfds_t i;

	for (i = 0; i < targets->count; i++)
		if (targets->pidfds[i].fd >= 0)
			close(targets->pidfds[i].fd);
	free(targets->pidfds);
	free(targets->pids);
}

int processes_kill(struct homes *homes, const char *name, int grace_ms)
{
	struct targets targets = {.homes = homes, .name = name};
	int status = end_targets(&targets, SIGTERM, grace_ms);

	if (status == PROCESSES_LEFT)
		status = end_targets(&targets, SIGKILL, grace_ms);
	clear_targets(&targets);
	return status;
}
