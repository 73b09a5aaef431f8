/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
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
/* stdfds.c is called by the one and calls the other. */
/* NOLINTNEXTLINE(bugprone-reserved-identifier) */
start_main __real___libc_start_main, __wrap___libc_start_main;

/* Makes what is kept meanwhile disappear. */
static bool loses;

static int run(int argc, char **argv, char **envp)
{
	(void)argc;
	(void)argv;
	(void)envp;
	return 96;
}

static bool is_null_until_exec(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3) &&
	       fcntl(fd, F_GETFD) == FD_CLOEXEC;
}

/* Where the C library would go on: says what has become of each descriptor. */
int __real___libc_start_main(int (*next)(int, char **, char **), int argc, char **argv,
			     void (*init)(void), void (*fini)(void), void (*end)(void), void *stack)
{
	int fd, seen = 0;

	(void)init;
	(void)fini;
	(void)end;
	(void)stack;
	if (argc != 1)
		_exit(99);
	for (fd = 0; fd <= 2; fd++)
		if (is_null_until_exec(fd))
			seen |= 1 << fd;
	for (fd = 3; loses && fd < 10; fd++)
		close(fd);
	/*
	 * Here the library calls main. What was not closed has come back by
	 * then.
	 */
	if (next(argc, argv, NULL) != 96)
		_exit(93);
	for (fd = 0; fd <= 2; fd++)
		if ((fcntl(fd, F_GETFL) & O_PATH) && fcntl(fd, F_GETFD) == 0)
			seen |= 8 << fd;
	if (fcntl(3, F_GETFD) >= 0)
		_exit(95);
	_exit(seen);
}

/*
 * As the kernel lays them out: arguments, environment, and what getauxval(3)
 * looks through.
 */
struct stack {
	char *argv[2], *environment[2];
	ElfW(auxv_t) aux[3];
};

/*
 * Starts the program. The descriptors whose bits are set in CLOSED are closed,
 * those in PATHS are O_PATH descriptors. Returns how it ended; SAID is what it
 * wrote to stderr.
 */
static int start(int closed, int paths, bool has_room, bool is_setuid, char said[128])
{
	const struct rlimit none = {0, 0};
	char name[] = "lslExecutor", variable[] = "A=1";
	struct stack stack = {{name}, {variable}, {{AT_UID, {1}}, {AT_SECURE, {is_setuid}}}};
	int status = 0, fd, ends[2], path;
	ssize_t len;
	pid_t pid;

	memset(said, 0, 128);
	if (pipe(ends) < 0)
		return -1;
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		path = open("/", O_PATH);
		for (fd = 0; fd <= 2; fd++)
			dup2(paths & 1 << fd ? path : ends[1], fd);
		for (fd = 0; fd <= 2; fd++)
			if (closed & 1 << fd)
				close(fd);
		for (fd = 3; fd < 10; fd++)
			close(fd);
		if (!has_room && setrlimit(RLIMIT_NOFILE, &none) < 0)
			_exit(NO_LIMIT);
		__wrap___libc_start_main(run, 1, stack.argv, NULL, NULL, NULL, NULL);
		_exit(97);
	}
	close(ends[1]);
	len = read(ends[0], said, 127);
	close(ends[0]);
	if (pid < 0 || len < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

TEST(test_stdfds__opens_what_is_closed_and_nothing_else)
{
	char said[128];
	int closed;

	for (closed = 0; closed < 8; closed++) {
		CHECK_INT(start(closed, 0, true, false, said), closed);
		CHECK_STR(said, "");
		CHECK_INT(start(closed, 0, true, true, said), closed);
		CHECK_STR(said, "");
	}
}

/* musl asks poll(2), to which a descriptor of a path is closed. */
TEST(test_stdfds__hides_what_the_library_would_open_anew)
{
	char said[128];
	int paths;

	for (paths = 0; paths < 8; paths++) {
		CHECK_INT(start(0, paths, true, true, said), paths | paths << 3);
		CHECK_INT(start(7 & ~paths, paths, true, true, said), 7 | paths << 3);
	}
}

TEST(test_stdfds__ends_where_nothing_can_be_brought_back)
{
	char said[128];

	loses = true;
	CHECK_INT(start(0, 1, true, true, said), 125);
	CHECK_STR(said, "lslExecutor: cannot open descriptors 0 to 2\n");
	loses = false;
}

TEST(test_stdfds__ends_where_nothing_can_be_opened)
{
	static const char words[] = "lslExecutor: cannot open descriptors 0 to 2\n";
	char said[128];

	if (start(0, 0, false, false, said) == NO_LIMIT) {
		SKIP("the limit of descriptors cannot be lowered (valgrind?)");
		return;
	}
	CHECK_INT(start(0, 0, false, false, said), 0);
	CHECK_INT(start(1, 0, false, false, said), 125);
	CHECK_STR(said, words);
	CHECK_INT(start(2, 0, false, false, said), 125);
	CHECK_STR(said, words);
	CHECK_INT(start(4, 0, false, false, said), 125);
	CHECK_STR(said, "");
	CHECK_INT(start(0, 1, false, false, said), 125);
	CHECK_STR(said, words);
	/* As a setuid program musl's would not come through. */
	CHECK_INT(start(0, 0, false, true, said), 125);
	CHECK_STR(said, words);
}

int main(void)
{
#if !defined(__aarch64__) && !(defined(__x86_64__) && defined(__LP64__))
	puts("SKIP: on this architecture it is a constructor");
	return 77;
#endif
	return unit_run();
}
