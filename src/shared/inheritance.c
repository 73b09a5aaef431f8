/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "inheritance.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "syscalls_more.h"

extern char **environ;

/* A descriptor for each container, and some more. */
#define DESCRIPTORS 65536

static void close_range_of(unsigned int first, unsigned int last)
{
	long fd, end = sysconf(_SC_OPEN_MAX);

	if (first > last)
		return;
	if (sys_close_range(first, last) == 0)
		return;
	for (fd = (long)first; fd < end && fd <= (long)last; fd++)
		close((int)fd);
}

int inheritance_close(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= 2);
	if (fd < 0)
		return -errno;
	close_range_of(3, UINT_MAX);
	return 0;
}

int inheritance_occupy(void)
{
	int fd;

	do
		fd = open("/", O_PATH | O_CLOEXEC);
	while (fd >= 0 && fd <= 2);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

void inheritance_close_but(int kept)
{
	if (kept > 0)
		close_range_of(0, (unsigned int)kept - 1);
	close_range_of((unsigned int)kept + 1, UINT_MAX);
}

void inheritance_close_but_two(int a, int b)
{
	unsigned int low = (unsigned int)(a < b ? a : b), high = (unsigned int)(a < b ? b : a);

	close_range_of(3, low - 1);
	close_range_of(low + 1, high - 1);
	close_range_of(high + 1, UINT_MAX);
}

void inheritance_close_from(int first)
{
	close_range_of((unsigned int)first, UINT_MAX);
}

void inheritance_detach(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return;
	dup2(fd, 0);
	dup2(fd, 1);
	dup2(fd, 2);
	if (fd > 2)
		close(fd);
}

/* If the hard limit cannot be raised, raises the soft limit to it. */
static void set_limit(int resource, rlim_t value)
{
	struct rlimit limit = {.rlim_cur = value, .rlim_max = value};

	if (setrlimit(resource, &limit) == 0 || getrlimit(resource, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(resource, &limit);
}

static void reset_limits(void)
{
	static const int unlimited[] = {RLIMIT_CPU,   RLIMIT_FSIZE, RLIMIT_DATA,
					RLIMIT_AS,    RLIMIT_RSS,   RLIMIT_NPROC,
					RLIMIT_LOCKS, RLIMIT_CORE,  RLIMIT_SIGPENDING};
	size_t i;

	for (i = 0; i < sizeof(unlimited) / sizeof(unlimited[0]); i++)
		set_limit(unlimited[i], RLIM_INFINITY);
	set_limit(RLIMIT_STACK, 8L * 1024 * 1024);
	set_limit(RLIMIT_NOFILE, DESCRIPTORS);
	/* The limits that the kernel gives to process 1. */
	set_limit(RLIMIT_MEMLOCK, 8L * 1024 * 1024);
	set_limit(RLIMIT_MSGQUEUE, 819200);
	set_limit(RLIMIT_NICE, 0);
	set_limit(RLIMIT_RTPRIO, 0);
	set_limit(RLIMIT_RTTIME, RLIM_INFINITY);
}

static void set_priorities(void)
{
	static const struct sched_param normal = {.sched_priority = 0};
	cpu_set_t all;

	/*
	 * These are system calls, because some of musl's functions with these
	 * names do nothing.
	 */
	(void)syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &normal);
	(void)setpriority(PRIO_PROCESS, 0, 0);
	/*
	 * ioprio_set(2): of this process, the class that follows from its nice
	 * value.
	 */
	(void)syscall(SYS_ioprio_set, 1, 0, 0);
	memset(&all, 0xff, sizeof(all));
	(void)syscall(SYS_sched_setaffinity, 0, sizeof(all), &all);
}

static void set_signals(void)
{
	static const struct itimerval never = {.it_value = {0, 0}};
	sigset_t none;
	int sig;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (sig = 1; sig <= SIGRTMAX; sig++)
		(void)signal(sig, SIG_DFL);
	(void)setitimer(ITIMER_REAL, &never, NULL);
	(void)setitimer(ITIMER_VIRTUAL, &never, NULL);
	(void)setitimer(ITIMER_PROF, &never, NULL);
}

static void erase_environment(void)
{
	char **variable;

	for (variable = environ; variable && *variable; variable++) {
		memset(*variable, 0, strlen(*variable));
		*variable = NULL;
	}
}

void inheritance_drop(void)
{
	reset_limits();
	set_priorities();
	set_signals();
	umask(022);
	if (chdir("/") < 0)
		_exit(1);
	erase_environment();
}
