/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lslExecutor: what every command is a link to. Setuid root or with file
 * capabilities, called by anybody with anything. main is the order in which
 * things happen, and the order is what makes it safe:
 *
 *	privileged, nobody's eyes	only what the kernel says is looked at: ids, capabilities
 *	privileged, the caller's eyes	the caller's own links, which yield a name and nothing else
 *	privileged, root's eyes		MNTDIR, the nsfile, the record: all root's, all proved
 *	the caller, inside		directory, lookup, exec: what the caller may do anyway
 *
 * No environment variable is read, no locale, no user database, no
 * library loaded before the last phase, and in it neither. Nothing is written, locked or
 * forked, so that a caller who stops or kills it anywhere gains nothing.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#include <termios.h>
#include <unistd.h>

#include "arena.h"
#include "callpath.h"
#include "command.h"
#include "directory.h"
#include "environment.h"
#include "explain.h"
#include "identity.h"
#include "mntdir.h"
#include "nsfile.h"
#include "pathnames.h"
#include "record.h"
#include "search.h"

/* As env(1), timeout(1) and chroot(1) have them. */
enum {
	EXIT_LSL = 125, /* lsl itself failed */
	EXIT_CANNOT_EXECUTE = 126,
	EXIT_NOT_FOUND = 127,
};

static const char usage_text[] =
	"Usage: lslExecutor CONTAINER PROGRAM [ARG...]\n"
	"Runs PROGRAM, a name or an absolute path, in the started container CONTAINER.\n"
	"It is what the commands in " PATH_LINKSDIR " lead to: CONTAINER:PROGRAM [ARG...].\n"
	"\n"
	"  -h, --help     print this and exit\n"
	"  -V, --version  print the version and exit\n"
	"\n"
	"Exit status: the program's; 127 no such program, 126 it cannot be executed,\n"
	"125 lsl itself failed. See lslExecutor(8).\n";

/* What the caller asked for. */
struct call {
	struct command command;
	const char *path; /* AT_EXECFN */
	const char *absolute; /* the program, if it was given by an absolute path */
	const char *argv0; /* the program's */
	char name[NAME_MAX + 2]; /* room for it */
	char **argv; /* its arguments; [0] is the caller's */
	bool is_direct; /* lslExecutor CONTAINER PROGRAM */
};

/* Where it goes. */
struct entry {
	int nsfd;
	int linksdir; /* for a message; only where the command did not come from there, else -1 */
	struct record record; /* in the arena */
	struct directory directory;
};

/* Otherwise a file opened here would become the program's standard output, or error. */
static void open_standard_fds(void)
{
	struct pollfd fds[3] = {{.fd = 0}, {.fd = 1}, {.fd = 2}};
	int fd;

	if (poll(fds, 3, 0) < 0)
		_exit(EXIT_LSL);
	for (fd = 0; fd <= 2; fd++)
		if ((fds[fd].revents & POLLNVAL) && open("/dev/null", O_RDWR) != fd)
			_exit(EXIT_LSL);
}

static _Noreturn void print_and_exit(int fd, const char *text, int status)
{
	size_t len = strlen(text);

	if (write(fd, text, len) != (ssize_t)len && status == 0)
		status = EXIT_LSL;
	_exit(status);
}

/* lslExecutor CONTAINER PROGRAM [ARG...] */
static void take_arguments(int argc, char **argv, struct call *call)
{
	const char *program;

	if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		print_and_exit(STDOUT_FILENO, usage_text, 0);
	if (argc == 2 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0))
		print_and_exit(STDOUT_FILENO, "lslExecutor (lsl) " PACKAGE_VERSION "\n", 0);
	if (argc < 3)
		print_and_exit(STDERR_FILENO, usage_text, EXIT_LSL);
	if (!container_name_valid(argv[1], strlen(argv[1]))) {
		explain("'", argv[1], "' cannot be a container's name", NULL);
		_exit(EXIT_LSL);
	}
	strcpy(call->command.container, argv[1]);

	program = argv[2];
	if (program[0] == '/') {
		call->absolute = program;
		program = strrchr(program, '/') + 1;
	}
	if (!command_program_valid(program)) {
		explain("'", argv[2], "' is neither a program's name nor an absolute path", NULL);
		_exit(EXIT_LSL);
	}
	strcpy(call->command.program, program);
	call->argv0 = call->command.program;
	call->is_direct = true;
	call->argv = argv + 2;
}

/* Which command PATH and ARGV[0] name, and what its argv[0] is to be. */
static bool follow_call(char **argv, struct call *call)
{
	if (!callpath_follow(call->path, &call->command) &&
	    !callpath_from_argv0(argv[0], &call->command))
		return false;
	call->argv0 = callpath_program_argv0(call->path, argv[0], &call->command, call->name);
	return true;
}

/* The links that are read on the way are the caller's: so are the eyes. */
static void take_call(int argc, char **argv, const struct identity *identity, struct call *call)
{
	bool is_command;

	call->path = (const char *)getauxval(AT_EXECFN);
	if (!call->path)
		call->path = argv[0];
	call->absolute = NULL;
	call->argv = argv;
	call->is_direct = false;
	if (callpath_is_spelled_out(call->path, argv[0]) && follow_call(argv, call))
		return;
	if (identity_caller(identity) < 0)
		_exit(EXIT_LSL);
	is_command = follow_call(argv, call);
	if (identity_self() < 0)
		_exit(EXIT_LSL);
	if (!is_command)
		take_arguments(argc, argv, call);
}

/* Opens the container's namespace, and reads how it is to be used. */
static int open_entry(const char *container, struct entry *entry)
{
	char *text = arena_room(RECORD_SIZE_MAX + 1);
	int mntdir = mntdir_open();
	int status;

	if (mntdir < 0)
		return mntdir;
	if (!text)
		return -ENOMEM;
	entry->nsfd = nsfile_open(mntdir, container);
	status = entry->nsfd < 0 ? entry->nsfd
				 : record_read(mntdir, container, text, RECORD_SIZE_MAX + 1,
					       &entry->record);
	if (status == 0)
		arena_take(entry->record.size);
	close(mntdir);
	return status;
}

static void enter(const struct identity *identity, const struct call *call, struct entry *entry)
{
	const char *container = call->command.container;
	int noted = directory_remember(&entry->directory);
	int status = open_entry(container, entry);

	entry->linksdir = call->is_direct ? open(PATH_LINKSDIR, O_PATH | O_DIRECTORY | O_CLOEXEC)
					  : -1;
	if (status == 0)
		status = nsfile_enter(entry->nsfd);
	if (identity_drop(identity) < 0) {
		explain("cannot give up privilege", NULL);
		_exit(EXIT_LSL);
	}
	if (status < 0) {
		explain_not_started(container, status);
		_exit(EXIT_LSL);
	}
	close(entry->nsfd);

	if (noted == 0)
		noted = directory_restore(&entry->directory);
	if (noted < 0) {
		explain("cannot enter the working directory in ", container, ": ",
			noted == -ENOENT ? "it was deleted or is not visible there"
					 : strerror(-noted),
			NULL);
		_exit(EXIT_LSL);
	}
}

static _Noreturn void fail_without_memory(void)
{
	explain("not enough memory", NULL);
	_exit(EXIT_LSL);
}

/* The program's path inside; whether it can be executed the kernel says. */
static const char *find_program(const struct call *call, const struct entry *entry)
{
	const struct command *command = &call->command;
	char *path = arena_room(PATH_MAX);
	int status;

	if (call->absolute)
		return call->absolute;
	if (!path)
		fail_without_memory();
	status = search_find(SEARCH_OWN_ROOT, entry->record.bins, command->program, path, PATH_MAX);
	if (status == 0) {
		arena_take(strlen(path) + 1);
		return path;
	}
	if (status == -EACCES) {
		explain(path, " in ", command->container, " is not executable", NULL);
		_exit(EXIT_CANNOT_EXECUTE);
	}
	explain_no_program(command->container, command->program, entry->linksdir);
	_exit(EXIT_NOT_FOUND);
}

/* Typed at a terminal: stderr is one, and the process leads its process group, as a shell's jobs do. */
static void announce(const struct call *call, const char *path, const char *quiet)
{
	struct termios termios;

	if ((quiet && strcmp(quiet, "1") == 0) || getpgrp() != getpid() ||
	    tcgetattr(STDERR_FILENO, &termios) < 0)
		return;
	explain_plain("Executing ", path, " in ", call->command.container, NULL);
}

static int adjust_environment(struct environment *environment, const struct entry *entry,
			      const char *container)
{
	const char *pwd = environment_get(environment, "PWD");
	int status = 0;

	if (pwd && !directory_is(&entry->directory, pwd))
		status = environment_set(environment, "PWD", entry->directory.path);
	if (status == 0 && entry->record.env_path)
		status = environment_set(environment, "PATH", entry->record.env_path);
	if (status == 0)
		status = environment_set(environment, "LSL_CONTAINER", container);
	return status;
}

static size_t count_arguments(char **argv)
{
	size_t count = 0;

	while (argv[count])
		count++;
	return count;
}

/* HEAD, then what comes after ARGV[0]. NULL without memory. */
static char **prepend(const char *const *head, char **argv)
{
	size_t rest = argv[0] ? count_arguments(argv + 1) : 0, count = 0, i;
	char **all;

	while (head[count])
		count++;
	all = arena_room((count + rest + 1) * sizeof(*all));
	if (!all)
		return NULL;
	arena_take((count + rest + 1) * sizeof(*all));
	for (i = 0; i < count; i++)
		all[i] = (char *)(uintptr_t)head[i];
	for (i = 0; i < rest; i++)
		all[count + i] = argv[1 + i];
	all[count + rest] = NULL;
	return all;
}

/* Under the emulator, which need not be in the container: it is the host's. "-0" is QEMU's way to give argv[0]. */
static void exec_interpreted(const char *host_path, const char *path, char **argv, char **vars)
{
	char interpreter[sizeof(PATH_OLDROOT) + PATH_MAX];
	const char *head[] = {interpreter, "-0", argv[0], path, NULL};
	char **all;

	if (strlen(host_path) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return;
	}
	strcpy(interpreter, PATH_OLDROOT);
	strcat(interpreter, host_path);
	all = prepend(head, argv);
	if (all)
		execve(interpreter, all, vars);
}

/* As execvp(3) does with a script that has no #!; a binary of another architecture is not one. */
static void exec_by_shell(const char *path, char **argv, char **vars)
{
	static const char shell[] = "/bin/sh";
	const char *head[] = {shell, path, NULL};
	unsigned char first = 0;
	char **all;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : read(fd, &first, 1);

	if (fd >= 0)
		close(fd);
	if (n == 1 && first != 0x7f) {
		all = prepend(head, argv);
		if (all)
			execve(shell, all, vars);
	}
	errno = ENOEXEC;
}

static _Noreturn void run(const struct call *call, const struct entry *entry, const char *path,
			  char **vars)
{
	const char *interpreter = entry->record.interpreter;
	int err;

	if (interpreter)
		exec_interpreted(interpreter, path, call->argv, vars);
	else
		execve(path, call->argv, vars);
	if (errno == ENOEXEC && !interpreter)
		exec_by_shell(path, call->argv, vars);
	err = errno;
	explain_exec(call->command.container, path, err);
	_exit(err == ENOENT && access(path, F_OK) < 0 ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE);
}

int main(int argc, char **argv, char **envp)
{
	struct environment environment;
	struct identity identity;
	struct entry entry;
	struct call call;
	const char *path;
	int status;

	open_standard_fds();
	if (argc < 1 || !argv[0] || !argv[0][0])
		print_and_exit(STDERR_FILENO, usage_text, EXIT_LSL);
	status = identity_begin(&identity);
	take_call(argc, argv, &identity, &call);
	if (status < 0) {
		explain_no_privilege(call.command.container);
		return EXIT_LSL;
	}
	enter(&identity, &call, &entry);
	path = find_program(&call, &entry);
	if (environment_collect(argc, argv, envp, &environment) < 0 ||
	    adjust_environment(&environment, &entry, call.command.container) < 0)
		fail_without_memory();
	call.argv[0] = (char *)(uintptr_t)call.argv0;
	announce(&call, path, environment_get(&environment, "LSL_QUIET"));
	if (identity_finish(&identity) < 0)
		return EXIT_LSL;
	run(&call, &entry, path, environment.vars);
}
