/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls of lslExecutor that a shell cannot make:
 *
 *	caller argv PATH [ARG...]
 *		executes PATH with exactly these arguments, also none
 *	caller share-fs PATH ARG...
 *		... in a process that shares its root and working directory
 *	caller limit NAME VALUE PATH ARG...
 *		... with a resource limit: nofile, as, stack, fsize, nproc, data
 *
 * and those with which root watches it:
 *
 *	caller steps UID GID COMMAND PATH ARG...
 *	caller kill NUMBER UID GID PATH ARG...
 *
 * steps executes PATH (argv[0] is ARG) as UID and prints a line for each system
 * call of it, in this order, until it executes something itself:
 *
 *	CALL permitted effective uid euid suid fsuid
 *		gid egid sgid fsgid PEEK OTHER
 *
 * PEEK: whether UID can look into the process then ("hidden" or "seen"); OTHER:
 * whether COMMAND, which is for the shell and may be empty, succeeded then
 * ("free" or "blocked"). COMMAND ends by itself, since the process stands still
 * meanwhile; after it was blocked once it is not run again ("unknown"). kill
 * kills the process at the NUMBER-th call instead. Exit status: its own, 128 +
 * the signal's number, or 99 where the helper itself failed.
 */
#include "config.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define FAILED 99

/* linux/ptrace.h, which does not go together with sys/ptrace.h everywhere */
#define GET_SYSCALL_INFO 0x420e
#define SYSCALL_INFO_ENTRY 1
struct syscall_info {
	uint8_t op;
	uint8_t pad[3];
	uint32_t arch;
	uint64_t instruction, stack;
	uint64_t number;
	uint64_t args[6];
	uint64_t rest[4];
};

static const struct {
	long number;
	const char *name;
} names[] = {
	{SYS_setns, "setns"},         {SYS_execve, "execve"},       {SYS_openat, "openat"},
	{SYS_capset, "capset"},       {SYS_setresuid, "setresuid"}, {SYS_setresgid, "setresgid"},
	{SYS_getresuid, "getresuid"}, {SYS_getresgid, "getresgid"}, {SYS_setfsuid, "setfsuid"},
	{SYS_setfsgid, "setfsgid"},   {SYS_prctl, "prctl"},         {SYS_write, "write"},
	{SYS_readlinkat, "readlink"}, {SYS_chdir, "chdir"},
#ifdef SYS_newfstatat
	{SYS_newfstatat, "stat"},
#endif
#ifdef SYS_stat
	{SYS_stat, "stat"},
#endif
#ifdef SYS_open
	{SYS_open, "openat"},         {SYS_readlink, "readlink"},
#endif
};

static const char *name_of(long number)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].number == number)
			return names[i].name;
	return "other";
}

static _Noreturn void execute(char **argv)
{
	execv(argv[0], argv + 1);
	err(FAILED, "%s", argv[0]);
}

/* The child stays, so that it and the executed program share these. */
static _Noreturn void share_fs(char **argv)
{
	long pid = syscall(SYS_clone, CLONE_FS | SIGCHLD, 0, 0, 0, 0);

	if (pid < 0)
		err(FAILED, "clone");
	if (pid > 0)
		execute(argv);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}

static _Noreturn void limit(const char *name, const char *value, char **argv)
{
	static const struct {
		const char *name;
		int resource;
	} limits[] = {
		{"nofile", RLIMIT_NOFILE}, {"as", RLIMIT_AS},       {"stack", RLIMIT_STACK},
		{"fsize", RLIMIT_FSIZE},   {"nproc", RLIMIT_NPROC}, {"data", RLIMIT_DATA},
	};
	rlim_t number = strtoul(value, NULL, 10);
	struct rlimit both = {number, number};
	size_t i;

	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		if (strcmp(limits[i].name, name) == 0 && setrlimit(limits[i].resource, &both) == 0)
			execute(argv);
	err(FAILED, "%s", name);
}

static void become(uid_t uid, gid_t gid)
{
	if (setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
		err(FAILED, "cannot become %u", (unsigned int)uid);
}

/* PATH as UID, stopped before its first system call. */
static pid_t begin_traced(uid_t uid, gid_t gid, char **argv)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
	pid_t pid = fork();
	int wstatus;

	if (pid < 0)
		err(FAILED, "fork");
	if (pid == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
			err(FAILED, "ptrace");
		raise(SIGSTOP);
		become(uid, gid);
		execute(argv);
	}
	if (waitpid(pid, &wstatus, 0) != pid || !WIFSTOPPED(wstatus) ||
	    ptrace(PTRACE_SETOPTIONS, pid, NULL, options) < 0)
		err(FAILED, "cannot trace");
	return pid;
}

/*
 * Lets PID run to its next system call, and returns true. False if it has
 * ended, with *WSTATUS, or if it has executed a second program; then *WSTATUS
 * is 0.
 */
static bool next_call(pid_t pid, int *execs, struct syscall_info *info, int *wstatus)
{
	int sig = 0;

	for (;;) {
		if (ptrace(*execs ? PTRACE_SYSCALL : PTRACE_CONT, pid, NULL, (long)sig) < 0)
			err(FAILED, "ptrace");
		if (waitpid(pid, wstatus, 0) != pid)
			err(FAILED, "waitpid");
		if (!WIFSTOPPED(*wstatus))
			return false;
		sig = WSTOPSIG(*wstatus);
		if (sig == (SIGTRAP | 0x80)) {
			sig = 0;
			if (ptrace(GET_SYSCALL_INFO, pid, sizeof(*info), info) < 0)
				err(FAILED, "ptrace");
			if (info->op == SYSCALL_INFO_ENTRY)
				return true;
		} else if (sig == SIGTRAP && *wstatus >> 16 == PTRACE_EVENT_EXEC) {
			sig = 0;
			if (++*execs == 2) {
				*wstatus = 0;
				return false;
			}
		}
	}
}

static int end_status(int wstatus)
{
	return WIFSIGNALED(wstatus) ? 128 + WTERMSIG(wstatus) : WEXITSTATUS(wstatus);
}

/* Whether UID can look into PID: a child of ours tries. */
static bool is_seen(pid_t pid, uid_t uid, gid_t gid)
{
	static const char *const links[] = {"cwd", "root", "exe", "fd/0", "ns/mnt"};
	static const char *const files[] = {"environ", "mem", "maps", "auxv", "stack"};
	char path[64], buffer[8];
	struct iovec here = {buffer, sizeof(buffer)}, there = {buffer, sizeof(buffer)};
	pid_t child = fork();
	int wstatus, fd;
	size_t i;

	if (child < 0)
		err(FAILED, "fork");
	if (child > 0) {
		if (waitpid(child, &wstatus, 0) != child)
			err(FAILED, "waitpid");
		return wstatus != 0;
	}
	become(uid, gid);
	for (i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, links[i]);
		if (readlink(path, buffer, sizeof(buffer)) >= 0)
			_exit(1);
	}
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, files[i]);
		fd = open(path, O_RDONLY);
		if (fd >= 0 && read(fd, buffer, sizeof(buffer)) >= 0)
			_exit(1);
	}
	_exit(process_vm_readv(pid, &here, 1, &there, 1, 0) >= 0);
}

static const char *run_beside(const char *command)
{
	static bool was_blocked;

	if (was_blocked)
		return "unknown";
	/* The test's own words. */
	/* NOLINTNEXTLINE(cert-env33-c) */
	was_blocked = *command && system(command) != 0;
	return was_blocked ? "blocked" : "free";
}

static void print_line(const char *call, pid_t pid, uid_t uid, gid_t gid, const char *command)
{
	unsigned int uids[4] = {0}, gids[4] = {0};
	char path[64], line[256];
	uint64_t permitted = ~UINT64_C(0), effective = permitted;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	if (!file)
		err(FAILED, "%s", path);
	while (fgets(line, sizeof(line), file)) {
		sscanf(line, "Uid: %u %u %u %u", &uids[0], &uids[1], &uids[2], &uids[3]);
		sscanf(line, "Gid: %u %u %u %u", &gids[0], &gids[1], &gids[2], &gids[3]);
		sscanf(line, "CapPrm: %" SCNx64, &permitted);
		sscanf(line, "CapEff: %" SCNx64, &effective);
	}
	fclose(file);
	printf("%s %" PRIx64 " %" PRIx64 " %u %u %u %u %u %u %u %u %s %s\n", call, permitted,
	       effective, uids[0], uids[1], uids[2], uids[3], gids[0], gids[1], gids[2], gids[3],
	       is_seen(pid, uid, gid) ? "seen" : "hidden", run_beside(command));
	fflush(stdout);
}

static int steps(uid_t uid, gid_t gid, const char *command, char **argv)
{
	pid_t pid = begin_traced(uid, gid, argv);
	struct syscall_info info;
	int execs = 0, wstatus;

	while (next_call(pid, &execs, &info, &wstatus))
		print_line(name_of((long)info.number), pid, uid, gid, command);
	if (execs < 2)
		return end_status(wstatus);
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	if (waitpid(pid, &wstatus, 0) != pid)
		err(FAILED, "waitpid");
	return end_status(wstatus);
}

static int kill_at(int number, uid_t uid, gid_t gid, char **argv)
{
	pid_t pid = begin_traced(uid, gid, argv);
	struct syscall_info info;
	int execs = 0, wstatus, count = 0;

	while (next_call(pid, &execs, &info, &wstatus) && ++count < number)
		;
	if (count == number)
		kill(pid, SIGKILL);
	else if (execs == 2)
		ptrace(PTRACE_DETACH, pid, NULL, NULL);
	else
		return end_status(wstatus);
	if (waitpid(pid, &wstatus, 0) != pid)
		err(FAILED, "waitpid");
	return end_status(wstatus);
}

static unsigned int number(const char *text)
{
	return (unsigned int)strtoul(text, NULL, 10);
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";

	if (strcmp(what, "argv") == 0)
		execute(argv + 2);
	if (strcmp(what, "share-fs") == 0)
		share_fs(argv + 2);
	if (strcmp(what, "limit") == 0 && argc > 5)
		limit(argv[2], argv[3], argv + 4);
	if (strcmp(what, "steps") == 0 && argc > 6)
		return steps(number(argv[2]), number(argv[3]), argv[4], argv + 5);
	if (strcmp(what, "kill") == 0 && argc > 6)
		return kill_at((int)number(argv[2]), number(argv[3]), number(argv[4]), argv + 5);
	errx(FAILED, "wrong usage, see the source");
}
