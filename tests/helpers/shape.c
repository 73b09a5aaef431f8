/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gives itself unusual attributes, and executes PROGRAM, which is probe or a
 * command for probe:
 *
 *	shape process SHAPE,... PROGRAM
 *		executes "PROGRAM process PID PARENT"; each SHAPE is a row of
 *		shapes[]
 *	shape arguments LIST PROGRAM WHAT
 *		executes "PROGRAM WHAT ARG...", with arguments that no shell
 *		passes on
 *	shape environment LIST PROGRAM WHAT
 *		... with an environment that no shell passes on
 *	shape most - PROGRAM WHAT
 *		prints how many bytes of arguments PROGRAM can be given
 *
 * LIST is a row of lists[], or one of "many", "empty" and "bytes:N". Attributes
 * that this kernel refuses stay: then they are the same natively and as a
 * command.
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
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* alice's, as in lib.sh. */
#define USER_ID 51001
#define OTHER_ID 51002

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "shape: %s: %s\n", what, strerror(errno));
	exit(99);
}

static void must(bool is_done, const char *what)
{
	if (!is_done)
		die(what);
}

/* execve(2) changes neither list, but does not say so. */
static void execute(const char *program, const char *const *argv, const char *const *vars)
{
	execve(program, (char **)(uintptr_t)argv, (char **)(uintptr_t)vars);
}

static void open_as(int fd, const char *path, int flags)
{
	int opened = open(path, flags, 0666);

	must(opened >= 0 && dup2(opened, fd) == fd, path);
	if (opened != fd)
		close(opened);
}

/* Of every kind, some with an offset, some that must not arrive. */
static void shape_fds(void)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int ends[2];

	open_as(3, "fds", O_RDWR);
	must(lseek(3, 5, SEEK_SET) == 5, "lseek");
	open_as(4, "fds", O_WRONLY | O_APPEND | O_NONBLOCK);
	open_as(5, "/", O_RDONLY | O_DIRECTORY);
	open_as(6, "/", O_PATH);
	open_as(7, "/dev/null", O_RDONLY);
	must(fcntl(7, F_SETFD, FD_CLOEXEC) == 0, "close-on-exec");
	open_as(PROBE_LOCK_FD, "fds", O_RDWR);
	must(fcntl(PROBE_LOCK_FD, F_SETLK, &lock) == 0, "lock");
	must(pipe(ends) == 0 && dup2(ends[0], 30) == 30 && dup2(ends[1], 31) == 31, "pipe");
	must(write(31, "x", 1) == 1, "pipe");
	must(fcntl(30, F_SETOWN, getpid()) == 0 && fcntl(30, F_SETSIG, SIGUSR1) == 0, "owner");
	close(ends[0]);
	close(ends[1]);
	open_as(40, "fds", O_RDONLY);
	open_as(42, "fds", O_RDONLY);
}

static void caught(int sig)
{
	(void)sig;
}

static void shape_signals(void)
{
	struct itimerval hour = {.it_interval.tv_sec = 60, .it_value.tv_sec = 3600};
	sigset_t set;

	signal(SIGHUP, SIG_IGN);
	signal(SIGUSR1, SIG_IGN);
	signal(SIGRTMAX, SIG_IGN);
	/* A handler is not passed on: the default is. */
	signal(SIGUSR2, caught);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGQUIT);
	sigaddset(&set, SIGRTMIN + 3);
	must(sigprocmask(SIG_BLOCK, &set, NULL) == 0, "sigprocmask");
	/* One to the process, one to its only thread. */
	must(kill(getpid(), SIGTERM) == 0, "kill");
	must(syscall(SYS_tkill, getpid(), SIGQUIT) == 0, "tkill");
	must(setitimer(ITIMER_REAL, &hour, NULL) == 0, "alarm");
	must(setitimer(ITIMER_PROF, &hour, NULL) == 0, "profiling timer");
}

/* All different, and none with the old value; large enough to continue. */
static void shape_limits(void)
{
	static const rlim_t soft[] = {3600,  1 << 30, 1 << 30, 3 << 20, 1 << 20, 1 << 28,
				      4000,  111,     1 << 15, 1 << 30, 77,      99,
				      55555, 0,       0,       4444444};
	struct rlimit limit;

	for (int which = 0; probe_limits[which]; which++) {
		must(getrlimit(which, &limit) == 0, probe_limits[which]);
		if (limit.rlim_max < soft[which])
			continue;
		limit.rlim_cur = soft[which];
		if (limit.rlim_max > soft[which] + 100)
			limit.rlim_max = soft[which] + 100;
		/* Rounded by nobody, but not both the same. */
		must(setrlimit(which, &limit) == 0, probe_limits[which]);
	}
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	must(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text), path);
	close(fd);
}

static void set_scheduling(uint32_t policy, uint32_t priority, uint64_t flags, int nice_value)
{
	struct probe_sched sched = {.size = 48,
				    .policy = policy,
				    .priority = priority,
				    .flags = flags,
				    .nice = nice_value};

	must(syscall(SYS_sched_setattr, 0, &sched, 0) == 0, "sched_setattr");
}

static void shape_scheduling(void)
{
	unsigned long cpus[16] = {1}, nodes = 1;

	/* SCHED_BATCH, SCHED_FLAG_RESET_ON_FORK */
	set_scheduling(3, 0, 1, 7);
	must(syscall(SYS_sched_setaffinity, 0, sizeof(cpus), cpus) == 0, "sched_setaffinity");
	/* IOPRIO_CLASS_BE, 6 */
	must(syscall(SYS_ioprio_set, 1, 0, 2 << 13 | 6) == 0, "ioprio_set");
	/* MPOL_PREFERRED, the first node; not every kernel has it. */
	syscall(SYS_set_mempolicy, 1, &nodes, 8);
	must(prctl(PR_SET_TIMERSLACK, 123456, 0, 0, 0) == 0, "timer slack");
	write_file("/proc/self/oom_score_adj", "321");
}

static void shape_rest(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(7);
	/* A child that waits to be waited for. */
	must(pid > 0 && waitid(P_PID, (id_t)pid, NULL, WEXITED | WNOWAIT) == 0, "child");
	umask(0137);
	must(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0, "subreaper");
	must(personality(UNAME26 | STICKY_TIMEOUTS) >= 0, "personality");
	write_file("/proc/self/coredump_filter", "0x11");
	/*
	 * PR_SET_THP_DISABLE, PR_MCE_KILL, PR_SET_SPECULATION_CTRL,
	 * linux/prctl.h; the last two not everywhere.
	 */
	prctl(41, 1, 0, 0, 0);
	prctl(33, 1, 0, 0, 0);
	prctl(53, 0, 4, 0, 0);
	/* KEYCTL_JOIN_SESSION_KEYRING */
	syscall(SYS_keyctl, 1, "tests");
}

/* What only root may set. */
static void shape_root(void)
{
	/* SCHED_FIFO */
	set_scheduling(1, 3, 0, 0);
	/* IOPRIO_CLASS_RT, 3 */
	must(syscall(SYS_ioprio_set, 1, 0, 1 << 13 | 3) == 0, "ioprio_set");
	/* SECBIT_NO_CAP_AMBIENT_RAISE, locked */
	must(prctl(PR_SET_SECUREBITS, 3 << 6, 0, 0, 0) == 0, "securebits");
}

/* A thread that is a process: it shares root, working directory and umask. */
static void shape_shared(void)
{
	long pid = syscall(SYS_clone, CLONE_FS | SIGCHLD, 0, 0, 0, 0);

	must(pid >= 0, "clone");
	if (pid > 0)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	pause();
	_exit(0);
}

static void shape_no_new_privs(void)
{
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no_new_privs");
}

static void shape_pdeathsig(void)
{
	must(prctl(PR_SET_PDEATHSIG, SIGUSR1, 0, 0, 0) == 0, "parent-death signal");
}

static void shape_stack(void)
{
	struct rlimit limit = {64 << 20, 65 << 20};

	must(setrlimit(RLIMIT_STACK, &limit) == 0, "stack");
}

/*
 * linux/personality.h: PER_CLEAR_ON_SETID, but for READ_IMPLIES_EXEC and
 * MMAP_PAGE_ZERO, which change what exec does.
 */
static void shape_layout(void)
{
	must(personality(ADDR_NO_RANDOMIZE | ADDR_COMPAT_LAYOUT | UNAME26) >= 0, "personality");
}

static void shape_closed(void)
{
	close(0);
	close(2);
}

/* PR_SET_MDWE */
static void shape_mdwe(void)
{
	prctl(65, 1, 0, 0, 0);
}

/* linux/capability.h; CAP_NET_RAW */
static void raise_ambient(void)
{
	struct {
		uint32_t version;
		int pid;
	} header = {0x20080522, 0};
	struct {
		uint32_t effective, permitted, inheritable;
	} data[2] = {{1 << 13, 1 << 13, 1 << 13}, {0, 0, 0}};

	must(syscall(SYS_capset, &header, data) == 0, "capset");
	must(prctl(47, 2, 13, 0, 0) == 0, "ambient");
}

/* A user with a capability, as AmbientCapabilities= of a unit makes one. */
static void shape_ambient(void)
{
	must(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0, "keepcaps");
	must(setresgid(USER_ID, USER_ID, USER_ID) == 0 && setresuid(USER_ID, USER_ID, USER_ID) == 0,
	     "ids");
	raise_ambient();
}

/* Like a setuid and setgid program of another user, run by a user. */
static void shape_setuid(void)
{
	must(setresgid(USER_ID, OTHER_ID, OTHER_ID) == 0, "gids");
	must(setresuid(USER_ID, OTHER_ID, OTHER_ID) == 0, "uids");
}

/* The same for root, except the group, which must stay the program's. */
static void shape_setuid_root(void)
{
	must(setresuid(USER_ID, 0, 0) == 0, "uids");
}

static const struct {
	const char *name;
	void (*make)(void);
} shapes[] = {
	{"plain", NULL},
	{"fds", shape_fds},
	{"signals", shape_signals},
	{"limits", shape_limits},
	{"scheduling", shape_scheduling},
	{"rest", shape_rest},
	{"root", shape_root},
	{"shared", shape_shared},
	{"no_new_privs", shape_no_new_privs},
	{"pdeathsig", shape_pdeathsig},
	{"stack", shape_stack},
	{"layout", shape_layout},
	{"closed", shape_closed},
	{"mdwe", shape_mdwe},
	{"ambient", shape_ambient},
	{"setuid", shape_setuid},
	{"setuid-root", shape_setuid_root},
	{NULL, NULL},
};

static void make_shape(const char *name)
{
	int i = 0;

	while (shapes[i].name && strcmp(shapes[i].name, name) != 0)
		i++;
	errno = EINVAL;
	must(shapes[i].name, name);
	if (shapes[i].make)
		shapes[i].make();
}

static _Noreturn void run_process(char *names, char *program)
{
	char pid[16], parent[16];
	const char *const argv[] = {program, "process", pid, parent, NULL};
	char *name;

	/* Some shells leave an own variable. */
	for (int fd = 3; fd < 64; fd++)
		close(fd);
	for (name = strtok(names, ","); name; name = strtok(NULL, ","))
		make_shape(name);
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	snprintf(parent, sizeof(parent), "%d", (int)getppid());
	execute(program, argv, (const char *const *)environ);
	die(program);
}

static char *bytes(size_t count, char c)
{
	char *s = malloc(count + 1);

	must(s, "memory");
	memset(s, c, count);
	s[count] = '\0';
	return s;
}

/* Bytes that no shell, locale or editor would pass. */
static const char *const odd[] = {
	"",  "a b", "two\nlines", "\n", "-x",       "--",       "--help",       "$HOME",
	"*", "\"",  "'",          "\\", "\377\376", "\303\050", "\355\240\200", "\001\033[31m",
	"=", "a=b", "",           NULL};

static const char *const odd_environment[] = {"FIRST=1",
					      "",
					      "no equals sign",
					      "=",
					      "=value without a name",
					      "TWICE=1",
					      "EMPTY=",
					      "TWICE=2",
					      "UTF8=\303\244",
					      "BROKEN=\377\376\303\050",
					      "LINES=one\ntwo\n",
					      "ESCAPE=\033[31m",
					      "with space=1",
					      "A=B=C",
					      "EMPTY=",
					      "",
					      "LAST=1",
					      NULL};

/*
 * The variables that glibc's and musl's start-up removes from setuid programs
 * (unsecvars.h), and those that begin with LD_.
 */
static const char *const withheld[] = {"GCONV_PATH=/g",
				       "GETCONF_DIR=/g",
				       "GLIBC_TUNABLES=glibc.malloc.check=0",
				       "HOSTALIASES=/h",
				       "LOCALDOMAIN=example",
				       "LOCPATH=/l",
				       "MALLOC_ARENA_MAX=1",
				       "MALLOC_ARENA_TEST=1",
				       "MALLOC_CHECK_=0",
				       "MALLOC_MMAP_MAX_=1",
				       "MALLOC_MMAP_THRESHOLD_=1",
				       "MALLOC_PERTURB_=1",
				       "MALLOC_TOP_PAD_=1",
				       "MALLOC_TRACE=/m",
				       "MALLOC_TRIM_THRESHOLD_=1",
				       "NIS_PATH=/n",
				       "NLSPATH=/n",
				       "RESOLV_HOST_CONF=/r",
				       "RES_OPTIONS=timeout:1",
				       "TMPDIR=/t",
				       "TZDIR=/z",
				       "LD=1",
				       "LDFLAGS=-g",
				       "ld_library_path=/x",
				       "XLD_PRELOAD=1",
				       NULL};

static const char *const loader[] = {"BEFORE=1",
				     "LD_LIBRARY_PATH=/nowhere",
				     "LD_PRELOAD=/nowhere.so",
				     "LD_AUDIT=/nowhere.so",
				     "LD_BIND_NOW=1",
				     "LD_=",
				     "LD_no_equals_sign",
				     "AFTER=1",
				     NULL};

static const char *const own[] = {"PATH=/first",   "LSL_CONTAINER=x", "PATH=/second",
				  "PWD=/nonsense", "LSL_CONTAINER=y", "LSL_QUIET=1",
				  "OLDPWD=/old",   "PWD=/other",      NULL};

static const char *const none[] = {NULL};

static const char **many(size_t count, const char *s)
{
	const char **list = calloc(count + 1, sizeof(*list));

	must(list, "memory");
	for (size_t i = 0; i < count; i++)
		list[i] = s;
	return list;
}

/*
 * BYTES in all, in strings as long as they can be: MAX_ARG_STRLEN of
 * linux/binfmts.h, with the final NUL.
 */
static const char **sized(size_t size)
{
	size_t most = 131072, whole = size / most, rest = size % most;
	const char **list = many(whole + 1, bytes(most - 1, 'x'));

	list[whole] = rest ? bytes(rest - 1, 'y') : NULL;
	return list;
}

static const char *const *list_of(const char *name)
{
	static const struct {
		const char *name;
		const char *const *list;
	} lists[] = {
		{"none", none},         {"odd", odd},       {"odd-environment", odd_environment},
		{"withheld", withheld}, {"loader", loader}, {"own", own},
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strcmp(lists[i].name, name) == 0)
			return lists[i].list;
	if (strncmp(name, "bytes:", 6) == 0)
		return sized((size_t)atol(name + 6));
	if (strcmp(name, "many") == 0)
		return many(100000, "argument");
	if (strcmp(name, "empty") == 0)
		return many(100000, "");
	errno = EINVAL;
	die(name);
}

/* ARGV0, WHAT, LIST */
static const char **with_list(const char *argv0, const char *what, const char *const *list)
{
	size_t count = 0;
	const char **argv;

	while (list[count])
		count++;
	argv = many(count + 2, NULL);
	argv[0] = argv0;
	argv[1] = what;
	memcpy(argv + 2, list, count * sizeof(*list));
	return argv;
}

static bool is_accepted(const char *program, const char *what, size_t size)
{
	int status = 0, out;
	pid_t pid = fork();

	if (pid == 0) {
		out = open("/dev/null", O_WRONLY);
		dup2(out, 1);
		execute(program, with_list(program, what, sized(size)),
			(const char *const *)environ);
		_exit(1);
	}
	must(pid > 0 && waitpid(pid, &status, 0) == pid, "waitpid");
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* How many bytes of arguments the kernel lets PROGRAM have. */
static size_t most_bytes(const char *program, const char *what)
{
	size_t good = 0, bad = 8 << 20, middle;

	while (bad - good > 1) {
		middle = good + (bad - good) / 2;
		if (is_accepted(program, what, middle))
			good = middle;
		else
			bad = middle;
	}
	return good;
}

int main(int argc, char **argv)
{
	must(argc >= 4, "arguments");
	if (strcmp(argv[1], "process") == 0)
		run_process(argv[2], argv[3]);
	must(argc >= 5, "arguments");
	if (strcmp(argv[1], "most") == 0) {
		printf("%zu\n", most_bytes(argv[3], argv[4]));
		return 0;
	}
	if (strcmp(argv[1], "arguments") == 0)
		execute(argv[3], with_list(argv[3], argv[4], list_of(argv[2])),
			(const char *const *)environ);
	else if (strcmp(argv[1], "environment") == 0)
		execute(argv[3], with_list(argv[3], argv[4], none), list_of(argv[2]));
	die(argv[3]);
}
