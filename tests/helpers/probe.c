/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Prints the attributes of its process. exec-contract.sh runs it natively and
 * as a command, and compares:
 *
 *	probe process PID PARENT
 *		prints "item<TAB>value", a line for each item; the ids are those
 *		that the caller had, and print as "self" and "parent"
 *	probe arguments [ARG...]
 *		prints all of them, argv[0] first, each on a line
 *	probe count [ARG...]
 *		prints how many ARGs there are, how many bytes, and a checksum
 *	probe environment
 *		prints every entry in order, each on a line
 *
 * Bytes that are not printable are written as \ooo, so that a value is one
 * line. It is linked statically, so that the same file runs in both places.
 */
#include "config.h"

#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* A test opens descriptors below this one. */
#define FDS_MAX 64

static pid_t self, parent;

static void print_text(const char *s)
{
	for (; *s; s++) {
		if ((unsigned char)*s < ' ' || (unsigned char)*s > '~' || *s == '\\')
			printf("\\%03o", (unsigned char)*s);
		else
			putchar(*s);
	}
}

static void item(const char *name)
{
	printf("%s\t", name);
}

static void item_number(const char *name, long long value)
{
	printf("%s\t%lld\n", name, value);
}

/* VALUE, or the reason why there is none. */
static void item_result(const char *name, long value)
{
	if (value < 0)
		printf("%s\t%s\n", name, strerror(errno));
	else
		item_number(name, value);
}

/* Its number differs from run to run. */
static void print_pid(pid_t pid)
{
	if (pid == self)
		printf("self");
	else if (pid == parent)
		printf("parent");
	else
		printf("%d", (int)pid);
}

static void item_pid(const char *name, pid_t pid)
{
	item(name);
	print_pid(pid);
	printf("\n");
}

/*
 * The contents of FILE, without its last newline; the process's own number in
 * it is "self".
 */
static void item_file(const char *name, const char *file)
{
	char text[4096];
	ssize_t n = -1;
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		n = read(fd, text, sizeof(text) - 1);
		close(fd);
	}
	item(name);
	if (n < 0) {
		printf("%s\n", strerror(errno));
		return;
	}
	while (n > 0 && text[n - 1] == '\n')
		n--;
	text[n] = '\0';
	print_text(text);
	printf("\n");
}

/* The words, separated by one blank each. */
static void print_words(char *s)
{
	const char *between = "";

	for (s = strtok(s, " \t"); s; s = strtok(NULL, " \t")) {
		printf("%s", between);
		print_text(s);
		between = " ";
	}
}

/* One line of /proc/self/status. */
static void item_status(const char *name, const char *key)
{
	FILE *file = fopen("/proc/self/status", "re");
	char line[1024];
	size_t len = strlen(key);

	item(name);
	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, key, len) == 0 && line[len] == ':') {
			line[strcspn(line, "\n")] = '\0';
			print_words(line + len + 1);
		}
	printf("\n");
	if (file)
		fclose(file);
}

static void print_process(void)
{
	item_pid("pid", getpid());
	item_pid("parent", getppid());
	item_pid("group", getpgrp());
	item_pid("session", getsid(0));
	item_number("children", waitpid(-1, NULL, WNOHANG | __WALL) > 0);
	item_result("subreaper", probe_prctl_int(PR_GET_CHILD_SUBREAPER));
	item_file("cgroup", "/proc/self/cgroup");
}

static void print_terminal(void)
{
	unsigned char *bytes;
	struct termios modes = {0};
	struct winsize size;
	uint64_t sum = PROBE_SUM;
	struct stat st;
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	item("terminal");
	if (fd < 0 || fstat(fd, &st) < 0 || tcgetattr(fd, &modes) < 0 ||
	    ioctl(fd, TIOCGWINSZ, &size) < 0) {
		printf("%s\nterminal modes\tnone\nwindow size\tnone\nforeground\tnone\n",
		       strerror(errno));
	} else {
		bytes = (unsigned char *)&modes;
		sum = probe_sum(sum, bytes, offsetof(struct termios, c_cc) + NCCS);
		printf("%s\nterminal modes\t%016llx\nwindow size\t%d %d\n", ttyname(fd),
		       (unsigned long long)sum, size.ws_row, size.ws_col);
		item_pid("foreground", tcgetpgrp(fd));
	}
	if (fd >= 0)
		close(fd);
}

/*
 * KEYCTL_DESCRIBE, KEY_SPEC_SESSION_KEYRING: its number differs if each caller
 * has its own keyring.
 */
static void print_keyring(void)
{
	char text[256] = "";

	item("session keyring");
	if (syscall(SYS_keyctl, 6, -3, text, sizeof(text) - 1) < 0)
		printf("%s\n", strerror(errno));
	else
		printf("%s\n", text);
}

static void print_identity(void)
{
	char name[32];

	item_status("user ids", "Uid");
	item_status("group ids", "Gid");
	item_status("groups", "Groups");
	for (const char *const *set = probe_caps; *set; set++) {
		snprintf(name, sizeof(name), "Cap%.3s", *set);
		item_status(*set, name);
	}
	item_result("securebits", prctl(PR_GET_SECUREBITS, 0, 0, 0, 0));
	item_result("keepcaps", prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0));
	item_result("no_new_privs", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	item_status("seccomp", "Seccomp");
	item_number("secure", (long long)getauxval(AT_SECURE));
	item_result("dumpable", prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
	item_result("parent-death signal", probe_prctl_int(PR_GET_PDEATHSIG));
	print_keyring();
	item_file("login id", "/proc/self/loginuid");
}

/* A pipe has a new inode each time, but the same contents. */
static void print_file(int fd, const struct stat *st)
{
	int waiting = 0;

	printf("%o ", st->st_mode);
	if (!S_ISFIFO(st->st_mode))
		printf("%llx:%llu", (unsigned long long)st->st_dev, (unsigned long long)st->st_ino);
	else if (ioctl(fd, FIONREAD, &waiting) == 0)
		printf("holds %d", waiting);
	if (S_ISREG(st->st_mode))
		printf(" at %lld", (long long)lseek(fd, 0, SEEK_CUR));
}

static void print_fd(int fd, const struct stat *st)
{
	int flags = fcntl(fd, F_GETFL);

	print_file(fd, st);
	printf(" flags %o close-on-exec %d", flags, fcntl(fd, F_GETFD));
	if (!(flags & O_PATH)) {
		printf(" owner ");
		print_pid(fcntl(fd, F_GETOWN));
		printf(" signal %d", fcntl(fd, F_GETSIG));
	}
	printf("\n");
}

static void print_fds(void)
{
	char name[32];
	struct stat st;
	bool any = false;

	for (int fd = 0; fd < FDS_MAX; fd++) {
		if (fstat(fd, &st) < 0)
			continue;
		snprintf(name, sizeof(name), "fd %d", fd);
		item(name);
		print_fd(fd, &st);
	}
	item("closed");
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0) {
			printf("%s%d", any ? " " : "", fd);
			any = true;
		}
	printf("%s\n", any ? "" : "none");
}

/*
 * The owner of the lock on PROBE_LOCK_FD. Another process asks, because a
 * process's own lock does not block it.
 */
static void print_lock(void)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		item("record locks");
		if (fcntl(PROBE_LOCK_FD, F_GETLK, &lock) < 0)
			printf("none\n");
		else
			printf("%d by %s\n", lock.l_type,
			       lock.l_type != F_UNLCK && lock.l_pid == self ? "self" : "another");
		fflush(stdout);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static void print_signals(void)
{
	static const char *const timers[] = {"alarm", "virtual timer", "profiling timer"};
	struct itimerval timer;

	item_status("ignored signals", "SigIgn");
	item_status("caught signals", "SigCgt");
	item_status("blocked signals", "SigBlk");
	item_status("pending signals", "SigPnd");
	item_status("pending signals of the process", "ShdPnd");
	for (int which = 0; which < 3; which++) {
		item(timers[which]);
		if (getitimer(which, &timer) < 0)
			printf("%s\n", strerror(errno));
		else
			printf("%s, every %ld s\n", timer.it_value.tv_sec ? "armed" : "not armed",
			       (long)timer.it_interval.tv_sec);
	}
}

static void print_limits(void)
{
	char name[32];
	struct rlimit limit;

	for (int which = 0; probe_limits[which]; which++) {
		snprintf(name, sizeof(name), "limit %s", probe_limits[which]);
		item(name);
		if (getrlimit(which, &limit) < 0)
			printf("%s\n", strerror(errno));
		else
			printf("%llu %llu\n", (unsigned long long)limit.rlim_cur,
			       (unsigned long long)limit.rlim_max);
	}
}

static void print_scheduling(void)
{
	struct probe_sched sched = {.size = sizeof(sched)};
	unsigned char cpus[128] = {0};
	unsigned long nodes[16] = {0};
	int mode = 0;
	long n = syscall(SYS_sched_getaffinity, 0, sizeof(cpus), cpus);

	item_number("nice", getpriority(PRIO_PROCESS, 0));
	item("scheduling");
	if (syscall(SYS_sched_getattr, 0, &sched, sizeof(sched), 0) < 0)
		printf("%s\n", strerror(errno));
	else
		printf("class %u flags %llx priority %u runtime %llu utilisation %u %u\n",
		       sched.policy, (unsigned long long)sched.flags, sched.priority,
		       (unsigned long long)sched.runtime, sched.util_min, sched.util_max);
	item_result("io priority", syscall(SYS_ioprio_get, 1, 0));
	item("cpus");
	for (long i = 0; i < n; i++)
		if (cpus[i])
			printf(" %ld:%02x", i, cpus[i]);
	printf("\n");
	item("memory policy");
	if (syscall(SYS_get_mempolicy, &mode, nodes, sizeof(nodes) * 8, NULL, 0) < 0)
		printf("%s\n", strerror(errno));
	else
		printf("%d %lx\n", mode, nodes[0]);
	item_file("timer slack", "/proc/self/timerslack_ns");
	item_file("oom_score_adj", "/proc/self/oom_score_adj");
	item_file("autogroup", "/proc/self/autogroup");
}

static void print_kernel(void)
{
	/* linux/prctl.h */
	item_result("transparent huge pages", prctl(42, 0, 0, 0, 0));
	item_result("machine checks", prctl(34, 0, 0, 0, 0));
	item_result("store bypass", prctl(52, 0, 0, 0, 0));
	item_result("indirect branches", prctl(52, 1, 0, 0, 0));
	item_result("write or execute", prctl(66, 0, 0, 0, 0));
	item_number("personality", personality(0xffffffff));
	item_file("core dump filter", "/proc/self/coredump_filter");
}

static void print_namespaces(void)
{
	static const char *const kinds[] = {
		"cgroup", "ipc", "net", "pid", "pid_for_children", "time", "time_for_children",
		"user",   "uts"};
	char path[64], name[64], target[64];
	ssize_t n;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", kinds[i]);
		snprintf(name, sizeof(name), "namespace %s", kinds[i]);
		n = readlink(path, target, sizeof(target) - 1);
		target[n < 0 ? 0 : n] = '\0';
		item(name);
		printf("%s\n", target);
	}
}

static void print_self(char **argv)
{
	const char *file = (const char *)getauxval(AT_EXECFN);
	struct stat st;

	item("argv[0]");
	print_text(argv[0]);
	printf("\n");
	item_file("name", "/proc/self/comm");
	item("file");
	print_text(file ? file : "none");
	printf("\n");
	item("directory");
	if (stat(".", &st) == 0)
		printf("%llx:%llu\n", (unsigned long long)st.st_dev, (unsigned long long)st.st_ino);
	else
		printf("%s\n", strerror(errno));
}

static int look_at_process(char **argv)
{
	mode_t mask = umask(077);

	umask(mask);
	self = atoi(argv[2]);
	parent = atoi(argv[3]);
	/*
	 * Printing changes the offset of standard output: this comes first, and
	 * in one piece.
	 */
	print_fds();
	print_process();
	print_lock();
	print_terminal();
	print_identity();
	print_signals();
	print_limits();
	printf("umask\t%03o\n", mask);
	print_scheduling();
	print_kernel();
	print_namespaces();
	print_self(argv);
	return 0;
}

static int print_list(char **list)
{
	for (; *list; list++) {
		print_text(*list);
		printf("\n");
	}
	return 0;
}

static int count(char **list)
{
	size_t strings = 0, bytes = 0;
	uint64_t sum = PROBE_SUM;

	for (; *list; list++) {
		strings++;
		bytes += strlen(*list) + 1;
		sum = probe_sum(sum, (unsigned char *)*list, strlen(*list) + 1);
	}
	printf("%zu strings, %zu bytes, sum %016llx\n", strings, bytes, (unsigned long long)sum);
	return 0;
}

int main(int argc, char **argv, char **envp)
{
	const char *what = argc > 1 ? argv[1] : "arguments";

	/*
	 * Buffered as one piece, because each write moves an offset that is
	 * examined.
	 */
	setvbuf(stdout, NULL, _IOFBF, 65536);
	if (strcmp(what, "process") == 0 && argc == 4)
		return look_at_process(argv);
	if (strcmp(what, "arguments") == 0)
		return print_list(argv);
	if (strcmp(what, "count") == 0)
		return count(argv + 2);
	if (strcmp(what, "environment") == 0)
		return print_list(envp);
	return 2;
}
