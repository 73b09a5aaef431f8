/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Executes a program by a given system call or function of the C library:
 *
 *	execute HOW PATH [ARGV0 [ARG...]]
 *
 * HOW is a row of the table below. Those that make a child wait for it and
 * return its exit status.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <libgen.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int open_path(const char *path, int flags)
{
	int fd = open(path, flags);

	if (fd < 0)
		err(2, "%s", path);
	return fd;
}

static void await(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		err(2, "waitpid");
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 2);
}

static void by_execve(char *path, char **argv)
{
	execve(path, argv, environ);
}

static void by_execvp(char *path, char **argv)
{
	execvp(path, argv);
}

static void by_execlp(char *path, char **argv)
{
	execlp(path, argv[0], "one", "two", (char *)NULL);
}

static void by_fork(char *path, char **argv)
{
	pid_t pid = fork();

	if (pid == 0) {
		execve(path, argv, environ);
		_exit(2);
	}
	await(pid);
}

static void by_vfork(char *path, char **argv)
{
	pid_t pid = vfork();

	if (pid == 0) {
		execve(path, argv, environ);
		_exit(2);
	}
	await(pid);
}

static void by_posix_spawn(char *path, char **argv)
{
	pid_t pid;

	if (posix_spawn(&pid, path, NULL, NULL, argv, environ) == 0)
		await(pid);
}

static void by_posix_spawnp(char *path, char **argv)
{
	pid_t pid;

	if (posix_spawnp(&pid, path, NULL, NULL, argv, environ) == 0)
		await(pid);
}

/* In a new session and with default signals, as services are started. */
static void by_posix_spawn_setsid(char *path, char **argv)
{
	posix_spawnattr_t attributes;
	sigset_t all;
	pid_t pid;

	sigfillset(&all);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF);
	if (posix_spawn(&pid, path, NULL, &attributes, argv, environ) == 0)
		await(pid);
}

static void by_fexecve(char *path, char **argv)
{
	fexecve(open_path(path, O_RDONLY | O_CLOEXEC), argv, environ);
}

static void by_execveat(int dirfd, const char *path, char **argv, int flags)
{
	syscall(SYS_execveat, dirfd, path, argv, environ, flags);
}

static void by_execveat_fd(char *path, char **argv)
{
	by_execveat(open_path(path, O_PATH | O_CLOEXEC), "", argv, AT_EMPTY_PATH);
}

static void by_execveat_relative(char *path, char **argv)
{
	char copy[4096], *name = strrchr(path, '/');

	if (!name || strlen(path) >= sizeof(copy))
		errx(2, "%s", path);
	strcpy(copy, path);
	by_execveat(open_path(dirname(copy), O_RDONLY | O_DIRECTORY), name + 1, argv, 0);
}

static void by_execveat_relative_cloexec(char *path, char **argv)
{
	char copy[4096], *name = strrchr(path, '/');

	if (!name || strlen(path) >= sizeof(copy))
		errx(2, "%s", path);
	strcpy(copy, path);
	by_execveat(open_path(dirname(copy), O_PATH | O_DIRECTORY | O_CLOEXEC), name + 1, argv, 0);
}

static void by_execveat_cwd(char *path, char **argv)
{
	by_execveat(AT_FDCWD, path, argv, 0);
}

static const struct unsafe_place {
	const char *name;
	void (*execute)(char *path, char **argv);
} ways[] = {
	{"execve", by_execve},
	{"execvp", by_execvp},
	{"execlp", by_execlp},
	{"fork", by_fork},
	{"vfork", by_vfork},
	{"posix_spawn", by_posix_spawn},
	{"posix_spawnp", by_posix_spawnp},
	{"posix_spawn_setsid", by_posix_spawn_setsid},
	{"fexecve", by_fexecve},
	{"execveat_fd", by_execveat_fd},
	{"execveat_relative", by_execveat_relative},
	{"execveat_relative_cloexec", by_execveat_relative_cloexec},
	{"execveat_cwd", by_execveat_cwd},
};

int main(int argc, char **argv)
{
	size_t i;

	if (argc < 3)
		errx(2, "usage: execute HOW PATH [ARGV0 [ARG...]]");
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (strcmp(argv[1], ways[i].name) != 0)
			continue;
		ways[i].execute(argv[2], argv + 3);
		err(2, "%s %s", argv[1], argv[2]);
	}
	errx(2, "%s: no such way", argv[1]);
}
