/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Descriptors 0 to 2 of lslExecutor. A closed one is opened on /dev/null before
 * any file is opened, because that file would otherwise become the program's
 * standard output or error. exec closes it again, so the program gets what its
 * caller left.
 *
 * In a setuid program the C library's start-up does the first half of this, and
 * afterwards one cannot tell which were closed. So this runs before the
 * library: the linker's --wrap redirects the first call of a program to here.
 * The library cannot be used at that moment, not even for a system call: there
 * is no errno yet, and no canary for the stack.
 *
 * musl's start-up calls poll(2), which reports an O_PATH descriptor as closed,
 * so musl would replace it for good. So such a descriptor is replaced by
 * /dev/null until main begins. If poll(2) is refused, musl ends the process
 * without a message.
 */
#include "config.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As in the library, but a failure returns a negative errno. */
#if defined(__x86_64__) && defined(__LP64__)
#define IS_BEFORE_LIBRARY 1

static long bare_call(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return result;
}
#elif defined(__aarch64__)
#define IS_BEFORE_LIBRARY 1

static long bare_call(long number, long a, long b, long c)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;

	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
	return x0;
}
#else
/*
 * This runs after the library, which keeps the descriptors that it has opened
 * on /dev/null itself.
 */
#define IS_BEFORE_LIBRARY 0

static long bare_call(long number, long a, long b, long c)
{
	long result = syscall(number, a, b, c);

	return result < 0 ? -errno : result;
}
#endif

/* Standard error is the caller's, or /dev/null. */
static _Noreturn void fail_without_library(void)
{
	static const char words[] = "lslExecutor: cannot open descriptors 0 to 2\n";

	bare_call(SYS_write, 2, (long)words, sizeof(words) - 1);
	for (;;)
		bare_call(SYS_exit_group, 125, 0, 0);
}

/* Where the replaced descriptors 0 to 2 are meanwhile, or 0. */
static int kept[3];

static void open_standard_fd(int fd)
{
	long flags = bare_call(SYS_fcntl, fd, F_GETFL, 0);
	bool is_path = flags >= 0 && (flags & O_PATH);

	if (flags >= 0 && !is_path)
		return;
	if (is_path) {
		kept[fd] = (int)bare_call(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 3);
		if (kept[fd] < 0 || bare_call(SYS_close, fd, 0, 0) < 0)
			fail_without_library();
	}
	if (bare_call(SYS_openat, AT_FDCWD, (long)"/dev/null", O_RDWR | O_CLOEXEC) != fd)
		fail_without_library();
}

#if !IS_BEFORE_LIBRARY
__attribute__((constructor))
#endif
static void
open_standard_fds(void)
{
	int fd;

	for (fd = 0; fd <= 2; fd++)
		open_standard_fd(fd);
}

#if IS_BEFORE_LIBRARY
typedef ElfW(auxv_t) auxiliary;

/*
 * getauxval(3) before the library can be used: the auxiliary vector is after
 * the environment, which is after ARGV.
 */
static bool is_secure(int argc, char **argv)
{
	char **end = argv + argc + 1;
	const auxiliary *aux;

	while (*end)
		end++;
	aux = (const auxiliary *)(end + 1);
	while (aux->a_type != AT_SECURE && aux->a_type != AT_NULL)
		aux++;
	return aux->a_type == AT_SECURE && aux->a_un.a_val != 0;
}

/* poll(2) refuses more descriptors than the limit, however few are open. */
static bool can_poll(void)
{
	/* On the stack the compiler would put a canary beside it. */
	static struct rlimit limit;

	return bare_call(SYS_getrlimit, RLIMIT_NOFILE, (long)&limit, 0) == 0 && limit.rlim_cur >= 3;
}
#endif

/* The same in musl and glibc; only glibc has the seventh argument. */
typedef int start_main(int (*run)(int, char **, char **), int argc, char **argv, void (*init)(void),
		       void (*fini)(void), void (*end)(void), void *stack);
/* The names are those that the linker's --wrap gives them. */
/* NOLINTNEXTLINE(bugprone-reserved-identifier) */
start_main __real___libc_start_main, __wrap___libc_start_main;

static int (*program)(int, char **, char **);

/*
 * Exec has closed all that were marked close-on-exec; these were opened after
 * it.
 */
static int restore_and_run(int argc, char **argv, char **envp)
{
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (kept[fd] && (bare_call(SYS_dup3, kept[fd], fd, 0) < 0 ||
				 bare_call(SYS_close, kept[fd], 0, 0) < 0))
			fail_without_library();
	return program(argc, argv, envp);
}

int __wrap___libc_start_main(int (*run)(int, char **, char **), int argc, char **argv,
			     void (*init)(void), void (*fini)(void), void (*end)(void), void *stack)
{
#if IS_BEFORE_LIBRARY
	open_standard_fds();
	if (is_secure(argc, argv) && !can_poll())
		fail_without_library();
#endif
	program = run;
	return __real___libc_start_main(restore_and_run, argc, argv, init, fini, end, stack);
}
