/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lslExecutor: every command is a link to it. It is setuid root or has file
 * capabilities, and anybody may call it with any arguments. main shows the
 * order of the steps, and this order makes it safe:
 *
 *	before the C library	descriptors 0 to 2 are open (stdfds.c)
 *	privileged		ids, capabilities, names: what the kernel says
 *				(creds.c, call.c, invocation.c, command.c,
 *				container_name.c, cwd.c)
 *	the caller's rights	which file a script is, where one is run
 *	privileged		MNTDIR, nsfile and record: root's, proved
 *				(safepath.c, record.c, nsfile.c, outside.c)
 *	the caller, inside	directory, lookup, exec: the caller's own rights
 *				(the other files)
 *
 * A name that has to be looked up first, such as the caller's own link, is
 * looked up with the caller's rights: lslExecutor gives up privilege for good,
 * and executes the command to which the name leads. That begins again
 * (invocation.h).
 *
 * Before the last phase it reads no environment variable. It never uses a
 * locale or a user database, and loads no library. It writes, locks and forks
 * nothing, so a caller who stops or kills it anywhere gains nothing.
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
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "arena.h"
#include "call.h"
#include "command.h"
#include "creds.h"
#include "cwd.h"
#include "env.h"
#include "exec.h"
#include "exit.h"
#include "fail.h"
#include "inside.h"
#include "nsfile.h"
#include "outside.h"
#include "pathnames.h"
#include "place.h"
#include "record.h"
#include "rundir.h"
#include "search.h"

/* How many calls can lead from one to the next; env_count has two digits. */
#define DEPTH_MAX 99

/*
 * The namespace to enter, and the files that the caller must find again there.
 */
struct target {
	struct record record; /* in the arena */
	struct record here; /* of the container in which the caller is */
	bool is_inside; /* there is one */
	bool is_host; /* the host is entered */
	int by_id; /* the result of nsfile_open_by_id */
	struct cwd cwd;
	/* the file of the script, if the caller can look at it */
	struct stat script;
	bool is_script_known;
};

/*
 * A user's own file system may admit only that user: FUSE without allow_other
 * (sshfs, encrypted homes) checks all ids of a process, and a Kerberos ticket
 * belongs to one user.
 */
static void remember_directory(const struct creds *creds, const char *container, struct cwd *cwd)
{
	int status = cwd_remember(cwd);

	if (status == 0 || status == -ENOENT || creds->uid == 0)
		return;
	if (creds_become(creds) < 0)
		fail_no_drop(container);
	cwd_remember(cwd);
}

/*
 * Another mount namespace may have another file at the script's path, perhaps
 * another user's. So the script is recognised like the directory.
 */
static void remember_script(const struct creds *creds, const struct call *call,
			    struct target *target)
{
	int status;

	if (!call_has_script(call))
		return;
	status = creds_be_caller(creds);
	target->is_script_known = status == 0 && stat(call->script, &target->script) == 0;
	if (status < 0 || creds_lower(creds) < 0)
		fail_no_drop(call->command.container);
}

static int read_record_of(int rundir, const char *name, struct record *record)
{
	char *text = arena_alloc(RECORD_SIZE_MAX + 1);
	int status = record_read(rundir, name, text, RECORD_SIZE_MAX + 1, record);

	if (status == 0)
		arena_trim(text, record->size);
	return status;
}

/*
 * Finds whether the caller is in a container, and in which one. The host has a
 * link instead of the file.
 */
static void read_here(int rundir, struct target *target)
{
	char name[CONTAINER_NAME_MAX + 1];
	int fd = openat(rundir, RUNDIR_HERE, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t len;

	target->is_inside = false;
	if (fd < 0)
		return;
	len = read(fd, name, sizeof(name) - 1);
	close(fd);
	name[len < 0 ? 0 : len] = '\0';
	target->is_inside = container_name_valid(name, strlen(name)) &&
			    read_record_of(rundir, name, &target->here) == 0;
}

/* Reads the container's record, and opens its namespace. */
static int open_container(const char *container, struct target *target)
{
	int nsfd, rundir = rundir_open();

	target->by_id = -ENOENT;
	if (rundir < 0)
		return rundir;
	nsfd = read_record_of(rundir, container, &target->record);
	if (nsfd == 0) {
		read_here(rundir, target);
		nsfd = target->by_id = nsfile_open_by_id(&target->record.ns);
		if (nsfd < 0)
			nsfd = nsfile_open(rundir, container, &target->record.ns);
		/* A namespace cannot be pinned in a younger one. */
		if (nsfd == -ENOENT && target->is_host)
			nsfd = -ENOTTY;
	}
	close(rundir);
	return nsfd;
}

/* This mount namespace does not have the pins, or MNTDIR. */
static int open_from_outside(const char *container, const struct creds *creds, int status,
			     struct target *target)
{
	int outside = outside_open(creds);
	bool is_inside = target->is_inside;

	if (outside < 0)
		return status;
	if (!(status == -ENOTTY && target->is_host) && nsfile_enter(outside) == 0) {
		status = open_container(container, target);
		/* The container of the caller is not visible there. */
		target->is_inside = is_inside;
	}
	if (status == -ENOTTY && target->is_host && nsfile_is(outside, &target->record.ns))
		return outside;
	close(outside);
	return status;
}

/*
 * The namespace's descriptor stays open until exec: what follows is the drop,
 * and nothing before that.
 */
static int find_namespace(const char *container, const struct creds *creds, struct target *target)
{
	int nsfd;

	target->is_inside = false;
	target->is_host = strcmp(container, HOST_NAME) == 0;
	nsfd = open_container(container, target);
	if ((nsfd == -ENOTTY || nsfd == -ENOENT) && creds->uid == 0)
		nsfd = open_from_outside(container, creds, nsfd, target);
	return nsfd;
}

static void become_caller(const struct creds *creds, const char *container)
{
	if (creds_drop(creds) < 0)
		fail_no_drop(container);
}

/* The path on the host of the caller's PATH. */
static const char *on_host(const struct target *target, const char *path)
{
	return place_on_host(target->is_inside ? &target->here : NULL, path);
}

/*
 * By the same path, by its path on the host, and by the containers' path of
 * that.
 */
static int enter_directory(struct target *target)
{
	const char *paths[3] = {target->cwd.path};

	if (target->cwd.status < 0)
		return target->cwd.status;
	paths[1] = on_host(target, target->cwd.path);
	if (target->is_host)
		return cwd_restore(&target->cwd, paths, 2);
	paths[2] = place_below_old_root(paths[1]);
	if (paths[1] != paths[0])
		return cwd_restore(&target->cwd, paths, 3);
	paths[1] = paths[2];
	return cwd_restore(&target->cwd, paths, 2);
}

static void restore_directory(const char *container, struct target *target)
{
	int status = enter_directory(target);

	if (status < 0)
		fail_no_directory(container, target->record.path, status);
}

/* The directories of the host's programs, login.defs(5). */
static void choose_path(const struct creds *creds, struct record *record)
{
	record->bins = creds->uid == 0 ? record->root_bins : record->user_bins;
	if (creds->uid == 0)
		record->env_path = record->root_path;
}

/* The process is inside: its own root is the container's. */
static int stat_inside(int root, const char *path, struct stat *st)
{
	(void)root;
	return stat(path, st) < 0 ? -errno : 0;
}

/* The program's path inside; the kernel decides whether it can be executed. */
static const char *find_program(const struct call *call, const struct target *target)
{
	const struct command *command = &call->command;
	char *path = arena_alloc(PATH_MAX);
	int status;

	if (call->absolute)
		return call->absolute;
	status =
		search_find(stat_inside, -1, target->record.bins, command->program, path, PATH_MAX);
	if (status == 0) {
		arena_trim(path, strlen(path) + 1);
		return path;
	}
	if (call->is_which)
		_exit(status == -EACCES ? EXIT_CANNOT_EXECUTE : EXIT_NOT_FOUND);
	if (status == -EACCES)
		fail_exec(command->container, path, NULL, EACCES);
	fail_no_program(command->container, command->program);
}

static _Noreturn void print_path(const char *path)
{
	char *line = arena_alloc(strlen(path) + 2);

	strcpy(line, path);
	exit_printing(STDOUT_FILENO, strcat(line, "\n"), 0);
}

/*
 * Whether it was typed at a terminal: stderr is one, and the process leads its
 * process group, as a shell's jobs do.
 */
static void announce(const struct call *call, const char *path, const char *quiet)
{
	struct termios termios;

	if ((quiet && strcmp(quiet, "1") == 0) || tcgetattr(STDERR_FILENO, &termios) < 0 ||
	    getpgrp() != getpid())
		return;
	say_line("Executing ", path,
		 strcmp(call->command.container, HOST_NAME) ? " in " : " on the ",
		 call->command.container, NULL);
}

/*
 * Programs find their installation by argv[0], in PATH if it is a bare name. If
 * PATH leads elsewhere, argv[0] becomes the path. The name of a login shell and
 * the caller's own choice stay.
 */
static const char *choose_argv0(const struct call *call, const char *path,
				const char *path_variable)
{
	const char *program = call->command.program;

	if (call->absolute)
		return call->absolute;
	if (call->argv0 != program || inside_is_found(program, path_variable, path))
		return call->argv0;
	return path;
}

static bool is_the_script(const struct target *target, const char *path)
{
	return target->is_script_known && inside_is_file(path, &target->script);
}

/* By the same path, by that of the host, or by what containers call that. */
static const char *find_script(const struct call *call, const struct target *target)
{
	const char *path = call->script;

	if (is_the_script(target, path))
		return path;
	if (path[0] == '/' && target->is_script_known) {
		path = on_host(target, path);
		if (!target->is_host)
			path = inside_path(path, &target->script);
		if (path && is_the_script(target, path))
			return path;
	}
	fail_no_script(call->command.container, call->script);
}

static void adjust_script(const struct call *call, const struct target *target)
{
	const char *path;
	size_t i;

	if (!call_has_script(call))
		return;
	path = find_script(call, target);
	for (i = 1; i <= CALL_SCRIPT_MAX && call->argv[i]; i++)
		if (call_is_script(call, i))
			call->argv[i] = (char *)(uintptr_t)path;
}

/*
 * Programs can call each other in a circle across containers, scripts for
 * example whose interpreters lead back to them. The kernel does not notice: it
 * executes another program each time. So the calls from inside a container and
 * those of the host's programs are counted.
 */
static void count_depth(struct env *env, const struct call *call)
{
	if (env_count(env, "LSL_DEPTH") > DEPTH_MAX)
		fail_depth(call->command.container, call->command.program);
}

static void adjust_environment(struct env *env, const struct target *target,
			       const struct call *call)
{
	const char *pwd = env_get(env, "PWD");

	if (target->is_inside || target->is_host)
		count_depth(env, call);
	if (pwd && !cwd_is(&target->cwd, pwd))
		env_set(env, "PWD", target->cwd.path);
	if (target->record.env_path)
		env_set(env, "PATH", target->record.env_path);
	if (target->is_host)
		env_remove(env, "LSL_CONTAINER=");
	else
		env_set(env, "LSL_CONTAINER", call->command.container);
}

static _Noreturn void run_program(const struct call *call, const struct target *target,
				  const char *path, char **vars)
{
	const char *emulator = target->record.interpreter, *failed;
	int status = exec_program(path, call->argv, vars, emulator, &failed);

	fail_exec(call->command.container, path, failed == path ? NULL : emulator, -status);
}

/* PRIVILEGE is the result of creds_begin: with 0 it is enough to enter. */
static void require_privilege(int privilege, const struct creds *creds, const char *container)
{
	if (privilege == 0)
		return;
	give_up_privilege(creds);
	fail_no_privilege(container);
}

static void require_inside(const char *container, int nsfd, int entered,
			   const struct target *target)
{
	if (nsfd < 0)
		fail_not_started(container, nsfd, target->by_id);
	if (entered < 0)
		fail_not_entered(container, entered);
}

static void build_environment(int argc, char **argv, char **envp, const struct target *target,
			      const struct call *call, struct env *env)
{
	env_collect(argc, argv, envp, env);
	/* They name files of the host and control the loader. */
	env_remove(env, "LD_");
	adjust_environment(env, target, call);
}

int main(int argc, char **argv, char **envp)
{
	const char *container, *path;
	struct target target;
	struct creds creds;
	struct call call;
	struct env env;
	int privilege, nsfd, entered = 0;

	privilege = creds_begin(&creds);
	if (privilege < 0 && privilege != -EPERM)
		exit_with_privilege("cannot give up the capabilities that it does not need");
	if (argc < 1 || !argv[0] || !argv[0][0]) {
		give_up_privilege(&creds);
		call_answer(0, argv);
	}
	call_take(argc, argv, envp, &creds, privilege, &call);
	container = call.command.container;
	require_privilege(privilege, &creds, container);
	remember_directory(&creds, container, &target.cwd);
	remember_script(&creds, &call, &target);
	nsfd = find_namespace(container, &creds, &target);
	if (nsfd >= 0)
		entered = nsfile_enter(nsfd);
	become_caller(&creds, container);
	require_inside(container, nsfd, entered, &target);
	if (target.is_host)
		choose_path(&creds, &target.record);
	restore_directory(container, &target);
	path = find_program(&call, &target);
	if (call.is_which)
		print_path(path);
	build_environment(argc, argv, envp, &target, &call, &env);
	call.argv[0] = (char *)(uintptr_t)choose_argv0(&call, path, env_get(&env, "PATH"));
	adjust_script(&call, &target);
	announce(&call, path, env_get(&env, "LSL_QUIET"));
	run_program(&call, &target, path, env.vars);
}
