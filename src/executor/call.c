/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A name that has to be looked up, such as the caller's own link, is looked up
 * with the caller's rights: lslExecutor gives up privilege for good, and
 * executes the command to which the name leads. That begins again.
 */
#include "config.h"

#include "call.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "arena.h"
#include "container_name.h"
#include "env.h"
#include "exec.h"
#include "exit.h"
#include "fail.h"
#include "invocation.h"
#include "pathnames.h"

static const char usage_text[] =
	"Usage: lslExecutor [--script PATH] CONTAINER PROGRAM [ARG...]\n"
	"       lslExecutor --which CONTAINER PROGRAM\n"
	"Runs PROGRAM, a name or an absolute path, in the started container CONTAINER.\n"
	"It is what the commands in " PATH_LINKSDIR " lead to: CONTAINER:PROGRAM [ARG...].\n"
	"\n"
	"      --script   the first or second ARG is PATH, a script: hand on its path inside\n"
	"      --which    print the path of PROGRAM, a name, and do not run it\n"
	"  -h, --help     print this and exit\n"
	"  -V, --version  print the version and exit\n"
	"\n"
	"Exit status: the program's; 127 no such program, 126 it cannot be executed,\n"
	"125 lsl itself failed. See lslExecutor(8).\n";

_Noreturn void call_answer(int argc, char **argv)
{
	if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		exit_printing(STDOUT_FILENO, usage_text, 0);
	if (argc == 2 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0))
		exit_printing(STDOUT_FILENO, "lslExecutor (lsl) " PACKAGE_VERSION "\n", 0);
	exit_printing(STDERR_FILENO, usage_text, EXIT_LSL);
}

/* How many arguments belong to the option at their beginning. */
static int take_own_option(int argc, char **argv, struct call *call)
{
	/* No container's name begins with a dash. */
	if (argc == 4 && strcmp(argv[1], "--which") == 0) {
		call->is_which = true;
		return 1;
	}
	if (argc < 5 || strcmp(argv[1], "--script") != 0)
		return 0;
	call->script = argv[2];
	return 2;
}

/* lslExecutor [--which|--script PATH] CONTAINER PROGRAM [ARG...] */
static void take_arguments(int argc, char **argv, const struct creds *creds, struct call *call)
{
	int taken = take_own_option(argc, argv, call);
	const char *program;

	argc -= taken;
	argv += taken;
	if (argc < 3) {
		give_up_privilege(creds);
		call_answer(argc, argv);
	}
	if (!container_name_valid(argv[1], strlen(argv[1]))) {
		give_up_privilege(creds);
		exit_saying(EXIT_LSL, "'", argv[1], "' cannot be a container's name", NULL);
	}
	strcpy(call->command.container, argv[1]);

	program = argv[2];
	if (program[0] == '/' && !call->is_which) {
		call->absolute = program;
		program = strrchr(program, '/') + 1;
	}
	if (!command_program_valid(program)) {
		give_up_privilege(creds);
		exit_saying(EXIT_LSL, "'", argv[2],
			    "' is neither a program's name nor an absolute path", NULL);
	}
	strcpy(call->command.program, program);
	call->argv0 = call->command.program;
	call->argv = argv + 2;
}

/*
 * Executes lslExecutor by its own name, not by a command's. A container may
 * have another lslExecutor at the path where the host has this one.
 */
static _Noreturn void execute_self(char **argv, const struct env *env)
{
	int status = exec_file(PATH_EXECUTOR_LINK, argv, env->vars);

	if (status == -ENOENT)
		status = exec_file(PATH_EXECUTOR, argv, env->vars);
	exit_saying(EXIT_LSL, "cannot execute " PATH_EXECUTOR ": ", strerror(-status), NULL);
}

/*
 * The same for a command that is a script's interpreter, by a link. A command's
 * path would not show that one of the arguments is a script.
 */
static _Noreturn void execute_for_script(char **argv, const struct call *call,
					 const struct env *env)
{
	const char *const head[] = {PATH_EXECUTOR,         "--script",
				    call->script,          call->command.container,
				    call->command.program, NULL};

	execute_self(exec_prepend(head, argv), env);
}

/*
 * Executes the command by its path in the command directory, whose spelling
 * names the command. If there is no such path, executes lslExecutor by its own
 * name, which runs the program or reports why it cannot.
 */
static _Noreturn void execute_command(char **argv, const struct call *call, const struct env *env)
{
	const struct command *command = &call->command;
	/* The command's name would be resolved again. */
	const char *const head[] = {PATH_EXECUTOR, command->container, command->program, NULL};
	char *path = arena_alloc(sizeof(PATH_LINKSDIR "/") + sizeof(*command));

	strcpy(path, PATH_LINKSDIR "/");
	strcat(path, command->container);
	strcat(path, "/");
	strcat(path, command->program);
	argv[0] = (char *)(uintptr_t)call->argv0;
	exec_file(path, argv, env->vars);
	execute_self(exec_prepend(head, argv), env);
}

/*
 * sudo(8) executes a descriptor if its rule has a digest. The digest belongs to
 * the file, which all commands share, and the user chose argv[0].
 */
static _Noreturn void refuse_descriptor(const char *path)
{
	exit_saying(EXIT_LSL, "cannot tell which command is meant by ", path,
		    " (a digest in a rule of sudo? type the command's path, " PATH_LINKSDIR
		    "/CONTAINER:PROGRAM)",
		    NULL);
}

/*
 * The spelling of neither name of the process is a command's. So this follows
 * links, as the caller and without privilege, and executes the command to which
 * they lead. That one has no links to follow.
 */
static _Noreturn void resolve_call(int argc, char **argv, char **envp, const struct creds *creds,
				   int privilege, struct call *call)
{
	struct env env;
	const char *named_by;
	bool is_descriptor;

	give_up_privilege(creds);
	env_collect(argc, argv, envp, &env);
	is_descriptor = invocation_is_descriptor(call->path);
	if (creds->uid == 0 && is_descriptor)
		refuse_descriptor(call->path);
	named_by = invocation_resolve(call->path, argv[0], &call->command);
	if (named_by) {
		call->argv0 =
			invocation_program_argv0(named_by, argv[0], &call->command, call->name);
		call->script = named_by == call->path ? NULL : call->path;
		if (call_has_script(call))
			execute_for_script(argv, call, &env);
		execute_command(argv, call, &env);
	}
	/*
	 * It was called as a command, so its arguments are not a container and
	 * a program.
	 */
	if (is_descriptor && strchr(argv[0], ':'))
		refuse_descriptor(call->path);
	take_arguments(argc, argv, creds, call);
	if (privilege < 0)
		fail_no_privilege(call->command.container);
	execute_self(argv, &env);
}

bool call_is_script(const struct call *call, size_t number)
{
	return call->script && strcmp(call->argv[number], call->script) == 0;
}

bool call_has_script(const struct call *call)
{
	size_t i;

	for (i = 1; i <= CALL_SCRIPT_MAX && call->argv[i]; i++)
		if (call_is_script(call, i))
			return true;
	return false;
}

void call_take(int argc, char **argv, char **envp, const struct creds *creds, int privilege,
	       struct call *call)
{
	const char *named_by;

	/* Always present, binfmt_elf.c of the kernel. */
	call->path = (const char *)getauxval(AT_EXECFN);
	call->absolute = call->script = NULL;
	call->argv = argv;
	call->is_which = false;
	named_by = invocation_spelled(call->path, argv[0], &call->command);
	if (named_by) {
		call->argv0 =
			invocation_program_argv0(named_by, argv[0], &call->command, call->name);
		call->script = named_by == call->path ? NULL : call->path;
		return;
	}
	if ((strcmp(call->path, PATH_EXECUTOR) == 0 ||
	     strcmp(call->path, PATH_EXECUTOR_LINK) == 0) &&
	    !invocation_from_name(argv[0], &call->command))
		take_arguments(argc, argv, creds, call);
	else
		resolve_call(argc, argv, envp, creds, privilege, call);
}
