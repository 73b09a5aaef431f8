/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lslExecutor: what every command is a link to. Setuid root or with file
 * capabilities, called by anybody with anything. main is the order in which
 * things happen, and the order is what makes it safe:
 *
 *	before the C library		descriptors 0 to 2 are open (stdfds.c)
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
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

#include "arena.h"
#include "callpath.h"
#include "command.h"
#include "directory.h"
#include "environment.h"
#include "execute.h"
#include "explain.h"
#include "identity.h"
#include "mntdir.h"
#include "nsfile.h"
#include "pathnames.h"
#include "record.h"
#include "refusal.h"
#include "search.h"

/* As env(1), timeout(1) and chroot(1) have them. */
enum {
	EXIT_LSL = 125, /* lsl itself failed */
	EXIT_CANNOT_EXECUTE = 126,
	EXIT_NOT_FOUND = 127,
};

static const char usage_text[] =
	"Usage: lslExecutor CONTAINER PROGRAM [ARG...]\n"
	"       lslExecutor --which CONTAINER PROGRAM\n"
	"Runs PROGRAM, a name or an absolute path, in the started container CONTAINER.\n"
	"It is what the commands in " PATH_LINKSDIR " lead to: CONTAINER:PROGRAM [ARG...].\n"
	"\n"
	"      --which    print the path of PROGRAM, a name, and do not run it\n"
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
	bool is_which; /* lslExecutor --which CONTAINER PROGRAM */
};

/* Where it goes. */
struct entry {
	int nsfd;
	int linksdir; /* for a message; only where the command did not come from there, else -1 */
	struct record record; /* in the arena */
	struct directory directory;
};

/* Standard error may be a file that looks at who writes: nothing is said with privilege but fixed words. */
static _Noreturn void fail_with_privilege(const char *words)
{
	explain(words, NULL);
	_exit(EXIT_LSL);
}

static void give_up_privilege(const struct identity *identity)
{
	if (identity_drop(identity) < 0)
		fail_with_privilege("cannot give up privilege");
}

static _Noreturn void print_and_exit(int fd, const char *text, int status)
{
	size_t len = strlen(text);
	ssize_t n = write(fd, text, len);

	if (n == (ssize_t)len)
		_exit(status);
	explain("cannot write: ", n < 0 ? strerror(errno) : "there is no room", NULL);
	_exit(EXIT_LSL);
}

/* No container is meant. */
static _Noreturn void answer(int argc, char **argv)
{
	if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		print_and_exit(STDOUT_FILENO, usage_text, 0);
	if (argc == 2 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0))
		print_and_exit(STDOUT_FILENO, "lslExecutor (lsl) " PACKAGE_VERSION "\n", 0);
	print_and_exit(STDERR_FILENO, usage_text, EXIT_LSL);
}

/* lslExecutor [--which] CONTAINER PROGRAM [ARG...] */
static void take_arguments(int argc, char **argv, const struct identity *identity,
			   struct call *call)
{
	const char *program;

	/* No container's name begins with a dash. */
	if (argc == 4 && strcmp(argv[1], "--which") == 0) {
		call->is_which = true;
		argc--;
		argv++;
	}
	if (argc < 3) {
		give_up_privilege(identity);
		answer(argc, argv);
	}
	if (!container_name_valid(argv[1], strlen(argv[1]))) {
		give_up_privilege(identity);
		explain("'", argv[1], "' cannot be a container's name", NULL);
		_exit(EXIT_LSL);
	}
	strcpy(call->command.container, argv[1]);

	program = argv[2];
	if (program[0] == '/' && !call->is_which) {
		call->absolute = program;
		program = strrchr(program, '/') + 1;
	}
	if (!command_program_valid(program)) {
		give_up_privilege(identity);
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

	/* Always there, binfmt_elf.c of the kernel. */
	call->path = (const char *)getauxval(AT_EXECFN);
	call->absolute = NULL;
	call->argv = argv;
	call->is_direct = false;
	call->is_which = false;
	if (callpath_is_spelled_out(call->path, argv[0]) && follow_call(argv, call))
		return;
	if (identity_caller(identity) < 0)
		fail_with_privilege("cannot look with the caller's eyes");
	is_command = follow_call(argv, call);
	if (identity_self(identity) < 0)
		fail_with_privilege("cannot look with its own eyes again");
	if (!is_command)
		take_arguments(argc, argv, identity, call);
}

/* Reads how the container's namespace is to be used, and opens it. */
static int open_entry(const char *container, struct entry *entry)
{
	char *text = arena_room(RECORD_SIZE_MAX + 1);
	int mntdir = mntdir_open();
	int status;

	if (mntdir < 0)
		return mntdir;
	status = record_read(mntdir, container, text, RECORD_SIZE_MAX + 1, &entry->record);
	if (status == 0) {
		arena_take(entry->record.size);
		status = entry->nsfd = nsfile_open(mntdir, container, &entry->record.ns);
	}
	close(mntdir);
	return status < 0 ? status : 0;
}

/*
 * A user's own file system may let in that user and nobody else: FUSE without allow_other (sshfs, encrypted
 * homes) looks at all ids of a process, and a ticket of Kerberos is the user's alone.
 */
static int remember_directory(const struct identity *identity, const char *container,
			      struct directory *directory)
{
	int status = directory_remember(directory);

	if (status == 0 || status == -ENOENT || identity->uid == 0)
		return status;
	if (identity_become(identity) < 0) {
		explain_no_drop(container);
		_exit(EXIT_LSL);
	}
	return directory_remember(directory);
}

static void enter(const struct identity *identity, const struct call *call, struct entry *entry)
{
	const char *container = call->command.container;
	int noted = remember_directory(identity, container, &entry->directory);
	int status = open_entry(container, entry);

	entry->linksdir = call->is_direct ? open(PATH_LINKSDIR, O_PATH | O_DIRECTORY | O_CLOEXEC)
					  : -1;
	if (status == 0)
		status = nsfile_enter(entry->nsfd);
	if (identity_drop(identity) < 0) {
		explain_no_drop(container);
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

/* The program's path inside; whether it can be executed the kernel says. */
static const char *find_program(const struct call *call, const struct entry *entry)
{
	const struct command *command = &call->command;
	char *path = arena_room(PATH_MAX);
	int status;

	if (call->absolute)
		return call->absolute;
	status = search_find(SEARCH_OWN_ROOT, entry->record.bins, command->program, path, PATH_MAX);
	if (status == 0) {
		arena_take(strlen(path) + 1);
		return path;
	}
	if (call->is_which)
		_exit(status == -EACCES ? EXIT_CANNOT_EXECUTE : EXIT_NOT_FOUND);
	if (status == -EACCES) {
		explain_exec(command->container, path, NULL, EACCES);
		_exit(EXIT_CANNOT_EXECUTE);
	}
	explain_no_program(command->container, command->program, entry->linksdir);
	_exit(EXIT_NOT_FOUND);
}

static _Noreturn void print_path(const char *path)
{
	char *line = arena_alloc(strlen(path) + 2);

	strcpy(line, path);
	print_and_exit(STDOUT_FILENO, strcat(line, "\n"), 0);
}

/* Typed at a terminal: stderr is one, and the process leads its process group, as a shell's jobs do. */
static void announce(const struct call *call, const char *path, const char *quiet)
{
	struct termios termios;

	if ((quiet && strcmp(quiet, "1") == 0) || tcgetattr(STDERR_FILENO, &termios) < 0 ||
	    getpgrp() != getpid())
		return;
	explain_plain("Executing ", path, " in ", call->command.container, NULL);
}

static void adjust_environment(struct environment *environment, const struct entry *entry,
			       const char *container)
{
	const char *pwd = environment_get(environment, "PWD");

	if (pwd && !directory_is(&entry->directory, pwd))
		environment_set(environment, "PWD", entry->directory.path);
	if (entry->record.env_path)
		environment_set(environment, "PATH", entry->record.env_path);
	environment_set(environment, "LSL_CONTAINER", container);
}

/*
 * A quarter of the soft stack limit is what the kernel lets arguments and environment have, and no more than 6 MiB
 * (bprm_stack_limits in its fs/exec.c). They fitted the caller's limit; but in a setuid program
 * that is lowered to 8 MiB, and a few bytes have been added. Whether the limit could be raised.
 */
static bool make_room_for_arguments(void)
{
	static const rlim_t most = (rlim_t)24 << 20;
	struct rlimit limit;

	/* Not by setrlimit(3), with which musl brings in all that reaches threads. */
	if (prlimit(0, RLIMIT_STACK, NULL, &limit) < 0 || limit.rlim_cur >= most ||
	    limit.rlim_cur >= limit.rlim_max)
		return false;
	limit.rlim_cur = limit.rlim_max < most ? limit.rlim_max : most;
	return prlimit(0, RLIMIT_STACK, &limit, NULL) == 0;
}

static _Noreturn void run(const struct call *call, const struct entry *entry, const char *path,
			  char **vars)
{
	const char *emulator = entry->record.interpreter, *failed;
	int status = execute(path, call->argv, vars, emulator, &failed);

	if (status == -E2BIG && make_room_for_arguments())
		status = execute(path, call->argv, vars, emulator, &failed);
	explain_exec(call->command.container, path, failed == path ? NULL : emulator, -status);
	_exit(refusal_is_missing(path) ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE);
}

int main(int argc, char **argv, char **envp)
{
	struct environment environment;
	struct identity identity;
	struct entry entry;
	struct call call;
	const char *path;
	int status;

	status = identity_begin(&identity);
	if (status < 0 && status != -EPERM)
		fail_with_privilege("cannot give up the capabilities that it does not need");
	if (argc < 1 || !argv[0] || !argv[0][0]) {
		give_up_privilege(&identity);
		print_and_exit(STDERR_FILENO, usage_text, EXIT_LSL);
	}
	take_call(argc, argv, &identity, &call);
	if (status < 0) {
		explain_no_privilege(call.command.container);
		return EXIT_LSL;
	}
	enter(&identity, &call, &entry);
	path = find_program(&call, &entry);
	if (call.is_which)
		print_path(path);
	environment_collect(argc, argv, envp, &environment);
	adjust_environment(&environment, &entry, call.command.container);
	call.argv[0] = (char *)(uintptr_t)call.argv0;
	announce(&call, path, environment_get(&environment, "LSL_QUIET"));
	if (identity_finish(&identity) < 0)
		fail_with_privilege("cannot give up privilege");
	run(&call, &entry, path, environment.vars);
}
