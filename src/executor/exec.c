/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "exec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "elfarch.h"
#include "arena.h"
#include "place.h"

struct execution {
	const char *path;
	char **argv, **vars;
	const char *emulator;
	const char *failed;
};

/*
 * The kernel permits arguments and environment a quarter of the soft stack
 * limit, and at most 6 MiB (bprm_stack_limits in its fs/exec.c); for a setuid
 * program it lowers that limit to 8 MiB. False: it cannot be raised.
 */
static bool make_room_for_arguments(void)
{
	static const rlim_t most = (rlim_t)24 << 20;
	struct rlimit limit;

	/*
	 * Not by setrlimit(3), with which musl links all its code for threads.
	 */
	if (prlimit(0, RLIMIT_STACK, NULL, &limit) < 0 || limit.rlim_cur >= most ||
	    limit.rlim_cur >= limit.rlim_max)
		return false;
	limit.rlim_cur = limit.rlim_max < most ? limit.rlim_max : most;
	return prlimit(0, RLIMIT_STACK, &limit, NULL) == 0;
}

int exec_file(const char *path, char **argv, char **vars)
{
	execve(path, argv, vars);
	if (errno == E2BIG && make_room_for_arguments())
		execve(path, argv, vars);
	return -errno;
}

static size_t count_strings(const char *const *strings)
{
	size_t count = 0;

	while (strings[count])
		count++;
	return count;
}

char **exec_prepend(const char *const *head, char **argv)
{
	const char *const *rest = (const char *const *)(argv[0] ? argv + 1 : argv);
	size_t head_count = count_strings(head), rest_count = count_strings(rest);
	char **all = arena_alloc((head_count + rest_count + 1) * sizeof(*head));

	memcpy(all, head, head_count * sizeof(*all));
	memcpy(all + head_count, rest, (rest_count + 1) * sizeof(*all));
	return all;
}

static int exec_with(const struct execution *e, const char *path, const char *const *head)
{
	return exec_file(path, exec_prepend(head, e->argv), e->vars);
}

/*
 * Runs PROGRAM under the emulator, which is a file of the host and need not be
 * in the container. FIRST are arguments, or NULL.
 */
static int exec_emulated(struct execution *e, const char *argv0, const char *program,
			 const char *const first[2])
{
	const char *emulator = place_below_old_root(e->emulator);
	const char *head[] = {emulator, "-0", argv0, program, first[0], first[1], NULL};

	e->failed = e->emulator;
	return exec_with(e, emulator, head);
}

static int exec_elf(struct execution *e, const struct elfarch *arch)
{
	static const char *const nothing[2];

	if (!e->emulator || elfarch_is_native(arch))
		return -ENOEXEC;
	return exec_emulated(e, e->argv[0], e->path, nothing);
}

static char *skip(char *text, const char *blanks)
{
	return text + strspn(text, blanks);
}

/*
 * Does the same as the kernel, whose attempt has failed at the interpreter.
 * LINE begins after the "#!".
 */
static int exec_script(struct execution *e, char *line)
{
	char *interpreter = skip(line, " \t"), *argument;
	const char *first[2] = {e->path, NULL};

	if (!e->emulator)
		return -ENOEXEC;
	interpreter[strcspn(interpreter, "\n")] = '\0';
	argument = interpreter + strcspn(interpreter, " \t");
	if (*argument) {
		*argument++ = '\0';
		argument = skip(argument, " \t");
	}
	if (*argument) {
		first[0] = argument;
		first[1] = e->path;
	}
	return exec_emulated(e, interpreter, interpreter, first);
}

static int exec_by_shell(struct execution *e)
{
	static const char shell[] = "/bin/sh";
	const char *const head[] = {shell, e->path, NULL};
	const char *const first[2] = {e->path, NULL};
	int status = exec_with(e, shell, head);

	return status == -ENOEXEC && e->emulator ? exec_emulated(e, shell, shell, first) : status;
}

/* Files that the kernel cannot execute. */
static int exec_otherwise(struct execution *e)
{
	char line[EXEC_LINE_MAX + 1] = "";
	struct elfarch arch;
	int fd = open(e->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int status = fd < 0 ? -errno : elfarch_read(fd, &arch);

	if (status == -ENOEXEC && pread(fd, line, EXEC_LINE_MAX, 0) < 0)
		status = -errno;
	if (fd >= 0)
		close(fd);
	if (status == 0)
		return exec_elf(e, &arch);
	/* Damaged. */
	if (status != -ENOEXEC || line[0] == 0x7f)
		return -ENOEXEC;
	if (strncmp(line, "#!", 2) == 0)
		return exec_script(e, line + 2);
	return exec_by_shell(e);
}

int exec_program(const char *path, char **argv, char **vars, const char *emulator,
		 const char **failed)
{
	struct execution e = {path, argv, vars, emulator, path};
	int status = exec_file(path, argv, vars);

	if (status == -ENOEXEC)
		status = exec_otherwise(&e);
	*failed = e.failed;
	return status;
}
