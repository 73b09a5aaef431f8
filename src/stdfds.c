/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Descriptors 0 to 2 of lslExecutor. One that is closed is opened on /dev/null before
 * anything else is opened, which would become the program's standard output otherwise, or its error. exec
 * closes it again, so that the program finds what its caller left.
 *
 * In a setuid program the C library's start does the first half of it, and
 * nobody could tell any more what was closed. So this comes before the library: the linker's --wrap
 * brings here what the first code of a program calls. The library cannot be used by then, not even
 * for a system call: it has no errno, and where it watches its stack no canary.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As the library's, but a failure is returned: a negative errno. */
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
/* After the library: what it has opened itself stays open on /dev/null. */
#define IS_BEFORE_LIBRARY 0

static long bare_call(long number, long a, long b, long c)
{
	long result = syscall(number, a, b, c);

	return result < 0 ? -errno : result;
}
#endif

/* Nothing has been opened yet: what standard error is, is still the caller's. */
static _Noreturn void fail(void)
{
	static const char words[] = "lslExecutor: cannot see to descriptors 0 to 2\n";

	bare_call(SYS_write, 2, (long)words, sizeof(words) - 1);
	for (;;)
		bare_call(SYS_exit_group, 125, 0, 0);
}

#if !IS_BEFORE_LIBRARY
__attribute__((constructor))
#endif
static void
open_standard_fds(void)
{
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (bare_call(SYS_fcntl, fd, F_GETFD, 0) < 0 &&
		    bare_call(SYS_openat, AT_FDCWD, (long)"/dev/null", O_RDWR | O_CLOEXEC) != fd)
			fail();
}

/* As musl and glibc have it, the seventh argument glibc alone. */
typedef int start_main(int (*run)(int, char **, char **), int argc, char **argv, void (*init)(void),
		       void (*fini)(void), void (*end)(void), void *stack);
/* NOLINTNEXTLINE(bugprone-reserved-identifier): so the linker's --wrap calls them. */
start_main __real___libc_start_main, __wrap___libc_start_main;

int __wrap___libc_start_main(int (*run)(int, char **, char **), int argc, char **argv,
			     void (*init)(void), void (*fini)(void), void (*end)(void), void *stack)
{
#if IS_BEFORE_LIBRARY
	open_standard_fds();
#endif
	return __real___libc_start_main(run, argc, argv, init, fini, end, stack);
}
