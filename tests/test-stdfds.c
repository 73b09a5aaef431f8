/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

/* The exit status of a child that could not set its limits. */
#define NO_LIMIT 98

typedef int start_main(int (*run)(int, char **, char **), int argc, char **argv, void (*init)(void),
		       void (*fini)(void), void (*end)(void), void *stack);
/* NOLINTNEXTLINE(bugprone-reserved-identifier): stdfds.c is called by the one and calls the other. */
start_main __real___libc_start_main, __wrap___libc_start_main;

/* Where the C library would go on: says what has become of each descriptor. */
int __real___libc_start_main(int (*run)(int, char **, char **), int argc, char **argv,
			     void (*init)(void), void (*fini)(void), void (*end)(void), void *stack)
{
	struct stat st;
	int fd, seen = 0;

	(void)init;
	(void)fini;
	(void)end;
	(void)stack;
	if (run || argc != 1 || argv)
		_exit(99);
	for (fd = 0; fd <= 2; fd++)
		if (fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3) &&
		    fcntl(fd, F_GETFD) == FD_CLOEXEC)
			seen |= 1 << fd;
	_exit(seen);
}

/* A start with those descriptors closed whose bits are set in CLOSED: how it ends, and in SAID what went to stderr. */
static int start(int closed, bool has_room, char said[128])
{
	const struct rlimit none = {0, 0};
	int status = 0, fd, ends[2];
	ssize_t len;
	pid_t pid;

	memset(said, 0, 128);
	if (pipe(ends) < 0)
		return -1;
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		for (fd = 0; fd <= 2; fd++)
			dup2(ends[1], fd);
		for (fd = 0; fd <= 2; fd++)
			if (closed & 1 << fd)
				close(fd);
		if (!has_room && setrlimit(RLIMIT_NOFILE, &none) < 0)
			_exit(NO_LIMIT);
		__wrap___libc_start_main(NULL, 1, NULL, NULL, NULL, NULL, NULL);
		_exit(97);
	}
	close(ends[1]);
	len = read(ends[0], said, 127);
	close(ends[0]);
	if (pid < 0 || len < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static void test_stdfds__opens_what_is_closed_and_nothing_else(void)
{
	char said[128];
	int closed;

	for (closed = 0; closed < 8; closed++) {
		CHECK_INT(start(closed, true, said), closed);
		CHECK_STR(said, "");
	}
}

static void test_stdfds__ends_where_nothing_can_be_opened(void)
{
	static const char words[] = "lslExecutor: cannot see to descriptors 0 to 2\n";
	char said[128];

	if (start(0, false, said) == NO_LIMIT) {
		SKIP("the limit of descriptors cannot be lowered (valgrind?)");
		return;
	}
	CHECK_INT(start(0, false, said), 0);
	CHECK_INT(start(1, false, said), 125);
	CHECK_STR(said, words);
	CHECK_INT(start(2, false, said), 125);
	CHECK_STR(said, words);
	CHECK_INT(start(4, false, said), 125);
	CHECK_STR(said, "");
}

int main(void)
{
	static const struct unit_test tests[] = {
		TEST(test_stdfds__opens_what_is_closed_and_nothing_else),
		TEST(test_stdfds__ends_where_nothing_can_be_opened),
	};

#if !defined(__aarch64__) && !(defined(__x86_64__) && defined(__LP64__))
	puts("SKIP: on this architecture it is a constructor");
	return 77;
#endif
	return unit_run(tests, sizeof(tests) / sizeof(tests[0]));
}
