/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "seccomp.h"

#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "syscalls.h"
#include "syscalls_more.h"
#include "unit.h"

/* For the macros below, which make numbers out of names. */
#ifndef SYS_mount_setattr
#define SYS_mount_setattr LSL_NR_mount_setattr
#endif

/* What became of a call, other than an errno. */
#define ALLOWED 0
#define KILLED (-1)

/* A child that loads no filter of lsl's. */
#define NO_FILTER ((enum seccomp_program)(-1))

static int report_to = -1;
static seccomp_report *refused_report;

static void report(const char *name)
{
	(void)!write(report_to, name, strlen(name));
}

/*
 * Ends as the attempt says; without a filter that says no, a call with these
 * arguments must harm nothing.
 */
typedef void attempt(long number, const long args[3]);

static void by_syscall(long number, const long args[3])
{
	_exit(syscall(number, args[0], args[1], args[2], 0L, 0L, 0L) < 0 ? errno : ALLOWED);
}

#ifdef __x86_64__
/* As a program of the i386 would. */
static void by_int80(long number, const long args[3])
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(args[0]), "c"(args[1]), "d"(args[2])
			 : "memory");
	_exit(result < 0 ? (int)-result : ALLOWED);
}
#endif

static void child(enum seccomp_program program, attempt *try, long number, const long args[3])
{
	if (program != NO_FILTER && seccomp_apply(program, report, refused_report) < 0)
		_exit(255);
	try(number, args);
	_exit(254);
}

/* KILLED, ALLOWED or an errno; in NAME what was reported. */
static int outcome(enum seccomp_program program, attempt *try, long number, const long args[3],
		   char name[64])
{
	int results[2], status = 0;
	ssize_t len;
	pid_t pid;

	memset(name, 0, 64);
	if (pipe(results) < 0)
		return 253;
	report_to = results[1];
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		child(program, try, number, args);
	close(results[1]);
	len = read(results[0], name, 63);
	close(results[0]);
	if (pid < 0 || len < 0 || waitpid(pid, &status, 0) < 0)
		return 252;
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGSYS ? KILLED : 251;
	return WEXITSTATUS(status);
}

static const enum seccomp_program programs[] = {SECCOMP_LSL, SECCOMP_LSLFS};
static const char *const program_names[] = {"lsl", "mount.lslfs"};

/*
 * The kernel's answer to a call that the filter lets through: EXPECTED, unless
 * the answer is EPERM or ENOSYS without the filter, too. A container's own
 * filter answers EPERM, a kernel that lacks the call ENOSYS. A call that lsl's
 * filter refused would still show: of two filters that both refuse, the younger
 * one's answer counts, and the filter that reports refusals would name the
 * call.
 */
static int answer_of_the_kernel(long number, const long args[3], int expected)
{
	char name[64];
	int answer;

	if (expected == KILLED || expected == ENOSYS)
		return expected;
	answer = outcome(NO_FILTER, by_syscall, number, args, name);
	return answer == EPERM || answer == ENOSYS ? answer : expected;
}

static void check_outcome(size_t program, const char *what, long number, const long args[3],
			  int expected, const char *reported)
{
	char name[64];
	int got = outcome(programs[program], by_syscall, number, args, name);

	expected = answer_of_the_kernel(number, args, expected);
	if (!CHECK_INT(got, expected) || !CHECK_STR(name, reported))
		printf("%s: %s(0x%lx, 0x%lx, 0x%lx)\n", program_names[program], what, args[0],
		       args[1], args[2]);
}

/* The filter that reports what it refuses, too, does the same. */
static void check_one(size_t program, const char *what, long number, const long args[3],
		      int expected, const char *reported)
{
	check_outcome(program, what, number, args, expected, reported);
#if defined(__x86_64__) || defined(__aarch64__)
	if (expected == ENOSYS && number != SYS_clone3)
		reported = what;
	refused_report = report;
	check_outcome(program, what, number, args, expected, reported);
	refused_report = NULL;
#endif
}

/* In both programs. */
static void check(const char *what, long number, const long args[3], int expected,
		  const char *reported)
{
	size_t i;

	for (i = 0; i < 2; i++)
		check_one(i, what, number, args, expected, reported);
}

#define ARGS(...)           \
	(const long[3])     \
	{                   \
		__VA_ARGS__ \
	}
#define BAD (-1L)
/* Killed by, and reported under, its name. */
#define DEADLY(call) check(#call, SYS_##call, ARGS(BAD, BAD, BAD), KILLED, #call)
#define REFUSED(call, ...) check(#call, SYS_##call, ARGS(__VA_ARGS__), ENOSYS, "")
/* Gets to the kernel, which says EXPECTED of such arguments. */
#define REACHES(call, expected, ...) check(#call, SYS_##call, ARGS(__VA_ARGS__), expected, "")
#define ONE(program, call, expected, ...) \
	check_one(program, #call, SYS_##call, ARGS(__VA_ARGS__), expected, "")
enum {
	LSL,
	LSLFS
};

TEST(test_seccomp_apply__kills_for_what_only_an_attacker_calls)
{
	/* code in the kernel */
	DEADLY(init_module);
	DEADLY(finit_module);
	DEADLY(delete_module);
	DEADLY(kexec_load);
	DEADLY(kexec_file_load);
	DEADLY(bpf);
	/* the insides of other processes */
	DEADLY(ptrace);
	DEADLY(process_vm_readv);
	DEADLY(process_vm_writev);
	DEADLY(kcmp);
	DEADLY(perf_event_open);
	DEADLY(userfaultfd);
	/* keys */
	DEADLY(add_key);
	DEADLY(request_key);
	DEADLY(keyctl);
	/* rings, which the filter does not see */
	DEADLY(io_uring_setup);
	DEADLY(io_uring_enter);
	DEADLY(io_uring_register);
	/* settings of the whole machine */
	DEADLY(acct);
	DEADLY(adjtimex);
	DEADLY(clock_adjtime);
	DEADLY(clock_settime);
	DEADLY(settimeofday);
	DEADLY(quotactl);
	DEADLY(reboot);
	DEADLY(sethostname);
	DEADLY(setdomainname);
	DEADLY(swapoff);
	DEADLY(swapon);
	/* programs, and files by their handle */
	DEADLY(execve);
	DEADLY(execveat);
	DEADLY(name_to_handle_at);
	DEADLY(open_by_handle_at);
#ifdef __x86_64__
	DEADLY(ioperm);
	DEADLY(iopl);
	DEADLY(modify_ldt);
#endif
}

#ifdef __x86_64__
/* getpid, 20 there. */
#define FOREIGN_GETPID 20

/* Where it was built without, int 0x80 is an invalid instruction. */
static bool kernel_takes_int80(void)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		signal(SIGSEGV, SIG_DFL);
		by_int80(FOREIGN_GETPID, ARGS(0));
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status);
}
#endif

TEST(test_seccomp_apply__no_foreign_architectures_call)
{
#ifdef __x86_64__
	char name[64];
	size_t i;

	for (i = 0; i < 2; i++) {
		if (kernel_takes_int80())
			CHECK_INT(outcome(programs[i], by_int80, FOREIGN_GETPID, ARGS(0), name),
				  KILLED);
		/* x32's: this one's with a bit. */
		CHECK_INT(outcome(programs[i], by_syscall, 0x40000000L | SYS_getpid, ARGS(0), name),
			  KILLED);
	}
#else
	SKIP("this architecture has no other");
#endif
}

TEST(test_seccomp_apply__no_new_user_namespace)
{
	REFUSED(unshare, CLONE_NEWUSER);
	REFUSED(unshare, CLONE_NEWUSER | CLONE_NEWNS);
	REFUSED(unshare, CLONE_NEWPID);
	REFUSED(unshare, CLONE_NEWNET);
	REFUSED(clone, CLONE_NEWUSER | SIGCHLD);
	REFUSED(clone, CLONE_NEWNS | SIGCHLD);
	REFUSED(clone, CLONE_NEWPID | SIGCHLD);
	/* Its arguments lie where a filter cannot look. */
#ifdef SYS_clone3
	REFUSED(clone3, 0, 0);
#endif
	ONE(LSL, setns, ENOSYS, BAD, CLONE_NEWUSER);
	ONE(LSL, setns, ENOSYS, BAD, 0);
	ONE(LSL, setns, EBADF, BAD, CLONE_NEWNS);
	ONE(LSLFS, unshare, ENOSYS, CLONE_NEWNS);
}

TEST(test_seccomp_apply__no_code_is_made)
{
	REFUSED(mmap, 0, 4096, PROT_READ | PROT_EXEC);
	REFUSED(mmap, 0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
	REFUSED(mprotect, 0, 4096, PROT_EXEC);
	REFUSED(memfd_create, 0, 0);
#ifdef SYS_pkey_mprotect
	REFUSED(pkey_mprotect, 0, 4096, PROT_EXEC);
#endif
}

TEST(test_seccomp_apply__what_is_on_no_list_does_not_exist)
{
	REFUSED(chroot, 0);
	REFUSED(personality, 0);
	REFUSED(syslog, BAD);
	REFUSED(setuid, 0);
	ONE(LSL, seccomp, ENOSYS, BAD);
	REFUSED(fanotify_init, BAD);
	REFUSED(ioctl, 0, TIOCSTI);
	/* Numbers that no kernel has had yet. */
	check("number 4000", 4000, ARGS(0), ENOSYS, "");
	ONE(LSL, socket, ENOSYS, BAD, BAD, BAD);
	ONE(LSLFS, pivot_root, ENOSYS, 0, 0);
	ONE(LSLFS, mount_setattr, ENOSYS, BAD, 0, 0);
	/* FUSE_DEV_IOC_CLONE, which is not used. */
	ONE(LSLFS, ioctl, ENOSYS, BAD, 0x8004e500L);
	ONE(LSLFS, unshare, ENOSYS, CLONE_NEWUSER);
	ONE(LSLFS, sched_setscheduler, ENOSYS, 0, 0, 0);
	ONE(LSLFS, unlinkat, ENOSYS, BAD, 0, 0);
	ONE(LSLFS, mknodat, ENOSYS, BAD, 0, 0);
}

static void in_a_server(long number, const long args[3])
{
	if (seccomp_confine_server() < 0)
		_exit(254);
	by_syscall(number, args);
}

static void check_server(const char *what, long number, long arg, int expected)
{
	const long *args = ARGS(arg, 0, 0);
	char name[64];

	expected = answer_of_the_kernel(number, args, expected);
	if (!CHECK_INT(outcome(SECCOMP_LSLFS, in_a_server, number, args, name), expected))
		printf("%s\n", what);
}

TEST(test_seccomp_confine_server__takes_what_is_the_supervisors)
{
	check_server("mount", SYS_mount, 0, ENOSYS);
	check_server("umount2", SYS_umount2, 0, ENOSYS);
	check_server("capset", SYS_capset, 0, ENOSYS);
	check_server("setresuid", SYS_setresuid, 0, ENOSYS);
	check_server("seccomp", SYS_seccomp, BAD, ENOSYS);
	check_server("kill", SYS_kill, 0, ENOSYS);
	check_server("a process", SYS_clone, SIGCHLD, ENOSYS);
	check_server("setns", SYS_setns, BAD, EBADF);
	check_server("execve", SYS_execve, 0, KILLED);
}

TEST(test_seccomp_apply__what_is_needed_works)
{
	REACHES(getpid, ALLOWED, 0);
	REACHES(openat, EFAULT, AT_FDCWD, 0, O_RDONLY);
	REACHES(mmap, EINVAL, 0, 0, PROT_READ);
	REACHES(mprotect, ALLOWED, 0, 0, PROT_READ);
	REACHES(clone, EINVAL, CLONE_SIGHAND | SIGCHLD, 0, 0);
	REACHES(rt_sigaction, EINVAL, SIGALRM, 0, 0);
	REACHES(mount, EFAULT, 0, BAD, 0);
	REACHES(ioctl, EBADF, BAD, (long)LSL_NS_GET_NSTYPE);
	REACHES(ioctl, EBADF, BAD, (long)LSL_NS_GET_ID);
	/* As musl passes it, whose ioctl(2) has a signed request. */
	REACHES(ioctl, EBADF, BAD, (long)(int32_t)LSL_NS_GET_ID);
#ifdef TCGETS2
	ONE(LSL, ioctl, EBADF, BAD, (long)TCGETS2);
#endif
	ONE(LSL, mount_setattr, EINVAL, BAD, 0, BAD);
	ONE(LSLFS, fchdir, EBADF, BAD);
	ONE(LSL, unshare, geteuid() == 0 ? ALLOWED : EPERM, CLONE_NEWNS);
	ONE(LSL, pivot_root, geteuid() == 0 ? EFAULT : EPERM, 0, 0);
	ONE(LSLFS, unshare, ALLOWED, CLONE_FS);
	ONE(LSLFS, setns, EBADF, BAD, CLONE_NEWNS);
	ONE(LSLFS, socket, EAFNOSUPPORT, 12345, 0, 0);
	ONE(LSLFS, inotify_rm_watch, EBADF, BAD, 0);
}

static void by_isatty(long number, const long args[3])
{
	(void)number;
	_exit(isatty((int)args[0]) ? ALLOWED : errno);
}

/* With whichever request this C library asks. */
TEST(test_seccomp_apply__lsl_recognises_a_terminal)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY);
	char name[64];

	if (terminal < 0) {
		SKIP("no terminal can be opened");
		return;
	}
	CHECK_INT(outcome(SECCOMP_LSL, by_isatty, 0, ARGS(terminal), name), ALLOWED);
	close(terminal);
}

static void survive(int sig)
{
	(void)sig;
}

/* What is deadly stays so, whatever a program does about SIGSYS. */
static void resist(long how, const long args[3])
{
	struct sigaction act = {.sa_handler = how == 1 ? SIG_IGN : survive};
	sigset_t set;

	sigfillset(&set);
	if (how == 0)
		sigprocmask(SIG_SETMASK, &set, NULL);
	else if (how == 3) /* the same signal to a kernel, which takes an int */
		syscall(SYS_rt_sigaction, (1L << 32) | SIGSYS, &act, NULL, (size_t)_NSIG / 8);
	else if (sigaction(SIGSYS, &act, NULL) == 0)
		_exit(250);
	syscall(SYS_acct, args[0]);
	_exit(ALLOWED);
}

TEST(test_seccomp_apply__nobody_survives_by_handling_the_signal)
{
	char name[64];
	long how;
	size_t i;

	for (i = 0; i < 4; i++) {
		refused_report = i < 2 ? NULL : report;
		for (how = 0; how <= 3; how++)
			CHECK_INT(outcome(programs[i % 2], resist, how, ARGS(BAD), name), KILLED);
	}
	refused_report = NULL;
}

static void by_kill(long number, const long args[3])
{
	(void)number;
	(void)args;
	raise(SIGSYS);
}

TEST(test_seccomp_apply__a_signal_that_somebody_sent_is_no_call)
{
	char name[64];

	CHECK_INT(outcome(SECCOMP_LSL, by_kill, 0, ARGS(0), name), KILLED);
	CHECK_STR(name, "");
}
