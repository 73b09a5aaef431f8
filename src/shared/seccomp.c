/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "seccomp.h"

#include <asm/termbits.h>
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "syscalls.h"
#include "syscalls_more.h"

/* From asm-generic/siginfo.h; some signal.h lack it. */
#if !HAVE_SYS_SECCOMP
#define SYS_SECCOMP 1
#endif

/*
 * The calls that the C libraries glibc and musl make for both programs after
 * their start: neither execve nor the loader's calls.
 */
static const char *const common_calls[] = {
	/* files and directories */
	"access",
	"close",
	"close_range",
	"dup",
	"dup2",
	"dup3",
	"faccessat",
	"faccessat2",
	"fcntl",
	"fcntl64",
	"fstat",
	"fstat64",
	"fstatat64",
	"fstatfs",
	"fstatfs64",
	"getcwd",
	"getdents",
	"getdents64",
	"lseek",
	"_llseek",
	"lstat",
	"lstat64",
	"newfstatat",
	"open",
	"openat",
	"openat2",
	"pread64",
	"pwrite64",
	"read",
	"readlink",
	"readlinkat",
	"readv",
	"stat",
	"stat64",
	"statfs",
	"statfs64",
	"statx",
	"write",
	"writev",
	/* directories on the way to a mount point */
	"mkdir",
	"mkdirat",
	/* memory, without PROT_EXEC: below */
	"brk",
	"madvise",
	"mremap",
	"munmap",
	/* time, signals, waiting */
	"clock_gettime",
	"clock_gettime64",
	"clock_nanosleep",
	"clock_nanosleep_time64",
	"gettimeofday",
	"nanosleep",
	"pause",
	"poll",
	"ppoll",
	"ppoll_time64",
	"pselect6",
	"restart_syscall",
	"rt_sigpending",
	"rt_sigprocmask",
	"rt_sigreturn",
	"rt_sigsuspend",
	"rt_sigtimedwait",
	"select",
	"sigaltstack",
	"sigreturn",
	"time",
	/* processes and threads */
	"exit",
	"exit_group",
	"fork",
	"futex",
	"futex_time64",
	"futex_waitv",
	"getegid",
	"geteuid",
	"getgid",
	"getpgrp",
	"getpid",
	"getppid",
	"getrandom",
	"gettid",
	"getuid",
	"kill",
	"membarrier",
	"pipe",
	"pipe2",
	"prlimit64",
	"getrlimit",
	"ugetrlimit",
	"rseq",
	"sched_getaffinity",
	"sched_yield",
	"set_robust_list",
	"set_tid_address",
	"sysinfo",
	"tgkill",
	"tkill",
	"uname",
	"vfork",
	"wait4",
	"waitid",
	"waitpid",
	NULL,
};

static const char *const lsl_calls[] = {
	/* lsl check acts as a user */
	"setgroups",
	"setgroups32",
	"setresgid",
	"setresgid32",
	"setresuid",
	"setresuid32",
	"chdir",
	"fchdir",
	"fchmod",
	/* lsl create writes records and sections */
	"fchown",
	"fchown32",
	"fsync",
	"flock",
	"ftruncate",
	"getxattr",
	"linkat",
	"mknodat",
	"mount",
	"mount_setattr",
	"move_mount",
	"open_tree",
	"pidfd_open",
	"pidfd_send_signal",
	"pivot_root",
	"prctl",
	"rename",
	"renameat",
	"renameat2",
	"rmdir",
	"sched_setaffinity",
	"setitimer",
	"symlinkat",
	"umask",
	"umount2",
	"unlink",
	"unlinkat",
	"capget",
	"capset",
	/* changes of the host */
	"inotify_add_watch",
	"inotify_init1",
	/*
	 * with the processes that write into root filesystems and update the
	 * menus
	 */
	"recvfrom",
	"sendmsg",
	"sendto",
	"shutdown",
	NULL,
};

static const char *const rootwriter_calls[] = {
	"fchmod",   "fchown",    "fchown32", "fsync",     "linkat",   "recvfrom", "recvmsg",
	"renameat", "renameat2", "sendto",   "symlinkat", "unlinkat", "prctl",    NULL,
};

static const char *const menus_calls[] = {
	"fchdir",    "flock",    "inotify_add_watch", "inotify_init1",
	"linkat",    "prctl",    "recvfrom",          "recvmsg",
	"rename",    "renameat", "renameat2",         "setpriority",
	"setrlimit", "unlinkat", "utimensat",         NULL,
};

static const char *const lslfs_calls[] = {
	"mount",
	"umount2",
	/* for seccomp_confine_server */
	"seccomp",
	/* changes */
	"inotify_add_watch",
	"inotify_init1",
	"inotify_rm_watch",
	"signalfd4",
	/* credentials, and the containers' namespaces */
	"capget",
	"capset",
	"chdir",
	"fchdir",
	"getgroups",
	"prctl",
	"setfsgid",
	"setfsgid32",
	"setfsuid",
	"setfsuid32",
	"setns",
	"setresgid",
	"setresgid32",
	"setresuid",
	"setresuid32",
	/* syslog(3) */
	"connect",
	"send",
	"sendmmsg",
	"sendmsg",
	"sendto",
	"socket",
	NULL,
};

/*
 * Calls of the supervisor of the command directory that its servers do not
 * make.
 */
static const char *const supervisor_calls[] = {
	"capset",    "fork",    "inotify_init1", "kill",      "mkdir",     "mkdirat",
	"mount",     "pipe",    "pipe2",         "prctl",     "setresgid", "setresgid32",
	"setresuid", "seccomp", "setresuid32",   "signalfd4", "socket",    "umount2",
	"vfork",     "wait4",   "waitid",        "waitpid",   NULL,
};

/* No program calls these by mistake. */
static const char *const deadly_calls[] = {
	"acct",
	"add_key",
	"adjtimex",
	"bpf",
	"clock_adjtime",
	"clock_settime",
	"create_module",
	"delete_module",
	"execve",
	"execveat",
	"finit_module",
	"init_module",
	"io_uring_enter",
	"io_uring_register",
	"io_uring_setup",
	"ioperm",
	"iopl",
	"kcmp",
	"kexec_file_load",
	"kexec_load",
	"keyctl",
	"modify_ldt",
	"name_to_handle_at",
	"open_by_handle_at",
	"perf_event_open",
	"process_vm_readv",
	"process_vm_writev",
	"ptrace",
	"quotactl",
	"reboot",
	"request_key",
	"setdomainname",
	"sethostname",
	"settimeofday",
	"stime",
	"swapoff",
	"swapon",
	"userfaultfd",
	"uselib",
	NULL,
};

/* musl has no name for it, and some architectures have no such request. */
#ifndef TCGETS2
#define TCGETS2 TCGETS
#endif

/*
 * isatty(3) is TCGETS2 in glibc since 2.42, TCGETS before, and TIOCGWINSZ in
 * musl.
 */
static const unsigned long lsl_ioctls[] = {
	LSL_NS_GET_NSTYPE, LSL_NS_GET_USERNS, LSL_NS_GET_ID, TCGETS, TCGETS2, TIOCGWINSZ};
static const unsigned long lslfs_ioctls[] = {LSL_NS_GET_NSTYPE, LSL_NS_GET_USERNS, LSL_NS_GET_ID};

/*
 * A C library uses the first real-time signals itself, musl one more than
 * glibc.
 */
#define LAST_SIGNAL 34

static struct {
	seccomp_report *killed, *refused;
	/*
	 * Of deadly_calls: a handler cannot call libseccomp, which allocates.
	 */
	int numbers[sizeof(deadly_calls) / sizeof(deadly_calls[0])];
} reporter;

/* NULL if it is not one of these, or if the signal is not from the filter. */
static const char *deadly_name(const siginfo_t *info)
{
	size_t i;

	for (i = 0; deadly_calls[i] && info->si_code == SYS_SECCOMP; i++)
		if (reporter.numbers[i] == info->si_syscall)
			return deadly_calls[i];
	return NULL;
}

static void on_deadly_call(int sig, siginfo_t *info, void *context)
{
	const char *name = deadly_name(info);

	(void)context;
	if (name)
		reporter.killed(name);
	/* Neither handled nor blocked any more. */
	raise(sig);
}

/*
 * Where a handler can set the result of a call; not known for all
 * architectures.
 */
#if defined(__x86_64__) && HAVE_REG_RAX
#define RESULT(context) ((context)->uc_mcontext.gregs[REG_RAX])
#elif defined(__aarch64__)
#define RESULT(context) ((context)->uc_mcontext.regs[0])
#endif

#ifdef RESULT
/*
 * The numbers of all calls, except on some architectures, which begin with a
 * greater number.
 */
static char *call_names[512];
#define CALLS_MAX ((int)(sizeof(call_names) / sizeof(call_names[0])))

/* For a call that libseccomp does not know by name. */
static const char *number_name(int call, char name[32])
{
	static const char head[] = "number ";
	char *end = name + 31;

	*end = '\0';
	do
		*--end = (char)('0' + call % 10);
	while (call /= 10);
	end -= sizeof(head) - 1;
	return memcpy(end, head, sizeof(head) - 1);
}

static void on_any_call(int sig, siginfo_t *info, void *context)
{
	const char *name = deadly_name(info);
	int err = errno, call = info->si_syscall;
	char room[32];
	sigset_t set;

	if (info->si_code != SYS_SECCOMP)
		_exit(128 + sig);
	if (name) {
		reporter.killed(name);
		/* Again: if the signal is blocked, the kernel kills at once. */
		sigemptyset(&set);
		sigaddset(&set, sig);
		sigprocmask(SIG_BLOCK, &set, NULL);
		syscall(call, 0, 0, 0, 0, 0, 0);
	}
	name = call >= 0 && call < CALLS_MAX ? call_names[call] : NULL;
	reporter.refused(name ? name : number_name(call & INT_MAX, room));
	RESULT((ucontext_t *)context) = -ENOSYS;
	errno = err;
}

static void prepare_handler(struct sigaction *act)
{
	int i;

	act->sa_sigaction = on_any_call;
	act->sa_flags = SA_SIGINFO;
	for (i = 0; i < CALLS_MAX; i++)
		call_names[i] = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, i);
}
#endif

/*
 * NAME's number, or __NR_SCMP_ERROR. The kernel may have calls that libseccomp
 * 2.5.1 does not know.
 */
static int call_number(const char *name)
{
	static const struct {
		const char *name;
		int number;
	} young[] = {
		{"close_range", LSL_NR_close_range},
		{"mount_setattr", LSL_NR_mount_setattr},
	};
	int number = seccomp_syscall_resolve_name(name);
	size_t i;

	for (i = 0; i < sizeof(young) / sizeof(young[0]) && number == __NR_SCMP_ERROR; i++)
		if (strcmp(young[i].name, name) == 0)
			number = young[i].number;
	return number;
}

static int prepare_report(seccomp_report *killed, seccomp_report *refused)
{
	struct sigaction act = {.sa_sigaction = on_deadly_call,
				.sa_flags = SA_SIGINFO | SA_RESETHAND | SA_NODEFER};
	sigset_t set;
	size_t i;

	reporter.killed = killed;
	reporter.refused = refused;
	for (i = 0; deadly_calls[i]; i++)
		reporter.numbers[i] = call_number(deadly_calls[i]);
#ifdef RESULT
	if (refused)
		prepare_handler(&act);
#endif
	sigemptyset(&set);
	sigaddset(&set, SIGSYS);
	if (sigaction(SIGSYS, &act, NULL) < 0 || sigprocmask(SIG_UNBLOCK, &set, NULL) < 0)
		return -errno;
	return 0;
}

/*
 * The action for a refused call. A handler can report the call only if it can
 * set the result.
 */
static uint32_t refusal(seccomp_report *refused)
{
#ifdef RESULT
	if (refused)
		return SCMP_ACT_TRAP;
#else
	(void)refused;
#endif
	return SCMP_ACT_ERRNO(ENOSYS);
}

/*
 * A call that this libseccomp or this architecture does not know cannot be
 * needed.
 */
static int add_all(scmp_filter_ctx filter, unsigned int action, const char *const *names)
{
	int number, status = 0;

	for (; *names && status == 0; names++) {
		number = call_number(*names);
		if (number == __NR_SCMP_ERROR)
			continue;
		status = seccomp_rule_add(filter, action, number, 0);
		if (status == -EDOM || status == -EOPNOTSUPP)
			status = 0;
	}
	return status;
}

static int allow_without_flag(scmp_filter_ctx filter, int call, unsigned int arg,
			      unsigned long flag)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
				SCMP_CMP(arg, SCMP_CMP_MASKED_EQ, flag, 0));
}

static int allow_value(scmp_filter_ctx filter, int call, unsigned int arg, unsigned long value)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, SCMP_CMP(arg, SCMP_CMP_EQ, value));
}

/*
 * No code is generated at run time, and no new process or thread may have a new
 * namespace.
 */
static int add_limited(scmp_filter_ctx filter)
{
	static const unsigned long new_namespaces = CLONE_NEWNS | CLONE_NEWUSER | CLONE_NEWPID |
						    CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS |
						    CLONE_NEWCGROUP;
	int status = allow_without_flag(filter, SCMP_SYS(mmap), 2, PROT_EXEC);

	if (status == 0)
		status = allow_without_flag(filter, SCMP_SYS(mmap2), 2, PROT_EXEC);
	if (status == 0)
		status = allow_without_flag(filter, SCMP_SYS(mprotect), 2, PROT_EXEC);
	if (status == 0)
		status = allow_without_flag(filter, SCMP_SYS(clone), 0, new_namespaces);
	return status;
}

/*
 * Handlers of every signal but SIGSYS: an attacker cannot catch the signal that
 * kills.
 */
static int add_handlers(scmp_filter_ctx filter)
{
	int sig, status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(rt_sigaction), 1,
					   SCMP_CMP(0, SCMP_CMP_LT, SIGSYS));

	for (sig = SIGSYS + 1; status == 0 && sig <= LAST_SIGNAL; sig++)
		status = allow_value(filter, SCMP_SYS(rt_sigaction), 0, (unsigned long)sig);
	return status;
}

static int add_ioctls(scmp_filter_ctx filter, const unsigned long *requests, size_t count)
{
	size_t i;
	int status = 0;

	/*
	 * 32 bits, because the kernel ignores the others: musl's ioctl(2) has a
	 * signed request, whose sign fills the rest.
	 */
	for (i = 0; i < count && status == 0; i++)
		status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
					  SCMP_CMP(1, SCMP_CMP_MASKED_EQ, UINT32_MAX, requests[i]));
	return status;
}

/*
 * Calls that are not refused like all others: those that kill, and clone3. C
 * libraries try clone3 first, with all signals blocked, so a trap would kill.
 * libseccomp refuses to add a rule with the default action.
 */
static int add_exceptions(scmp_filter_ctx filter, uint32_t refused)
{
	if (refused == SCMP_ACT_TRAP)
		return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	return add_all(filter, SCMP_ACT_TRAP, deadly_calls);
}

static int add_lsl(scmp_filter_ctx filter)
{
	int status = add_all(filter, SCMP_ACT_ALLOW, lsl_calls);

	if (status == 0)
		status = add_ioctls(filter, lsl_ioctls, sizeof(lsl_ioctls) / sizeof(lsl_ioctls[0]));
	if (status == 0)
		status = allow_value(filter, SCMP_SYS(unshare), 0, CLONE_NEWNS);
	if (status == 0)
		status = allow_value(filter, SCMP_SYS(setns), 1, CLONE_NEWNS);
	return status;
}

static int add_lslfs(scmp_filter_ctx filter)
{
	int status = add_all(filter, SCMP_ACT_ALLOW, lslfs_calls);

	if (status == 0)
		status = add_ioctls(filter, lslfs_ioctls,
				    sizeof(lslfs_ioctls) / sizeof(lslfs_ioctls[0]));
	if (status == 0)
		status = allow_value(filter, SCMP_SYS(unshare), 0, CLONE_FS);
	if (status == 0)
		status = allow_value(filter, SCMP_SYS(unshare), 0, CLONE_FILES);
	return status;
}

static int add_program_rules(scmp_filter_ctx filter, enum seccomp_program program)
{
	switch (program) {
	case SECCOMP_LSL:
		return add_lsl(filter);
	case SECCOMP_ROOTWRITER:
		return add_all(filter, SCMP_ACT_ALLOW, rootwriter_calls);
	case SECCOMP_MENUS:
		return add_all(filter, SCMP_ACT_ALLOW, menus_calls);
	case SECCOMP_LSLFS:
		return add_lslfs(filter);
	}
	return -EINVAL;
}

static int add_rules(scmp_filter_ctx filter, enum seccomp_program program, uint32_t refused)
{
	int status = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);

	if (status == 0)
		status = add_all(filter, SCMP_ACT_ALLOW, common_calls);
	if (status == 0)
		status = add_exceptions(filter, refused);
	if (status == 0)
		status = add_limited(filter);
	if (status == 0)
		status = add_handlers(filter);
	if (status == 0)
		status = add_program_rules(filter, program);
	return status;
}

int seccomp_apply(enum seccomp_program program, seccomp_report *killed, seccomp_report *refused)
{
	uint32_t action = refusal(refused);
	scmp_filter_ctx filter = seccomp_init(action);
	int status;

	if (!filter)
		return -ENOMEM;
	status = add_rules(filter, program, action);
	if (status == 0)
		status = prepare_report(killed, refused);
	if (status == 0)
		status = seccomp_load(filter);
	seccomp_release(filter);
	return status;
}

int seccomp_confine_server(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int status;

	if (!filter)
		return -ENOMEM;
	status = add_all(filter, SCMP_ACT_ERRNO(ENOSYS), supervisor_calls);
	/* It may make threads, but no processes. */
	if (status == 0)
		status = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone), 1,
					  SCMP_CMP(0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
	if (status == 0)
		status = seccomp_load(filter);
	seccomp_release(filter);
	return status;
}
