/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "invocation.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "fdpath.h"
#include "pathnames.h"

static struct paths {
	char here[PATH_MAX]; /* the path after the links followed so far */
	char from[PATH_MAX]; /* the last link */
	char target[PATH_MAX]; /* its target */
	char parent[PATH_MAX + sizeof(".")];
	char real[PATH_MAX + NAME_MAX + 2];
} * paths;

/*
 * Puts into paths->real the path without links of the directory of PATH, which
 * is shorter than PATH_MAX.
 */
static bool real_directory(const char *path)
{
	size_t len = (size_t)(path_base(path) - path);

	memcpy(paths->parent, path, len);
	memcpy(paths->parent + len, ".", 2);
	return fdpath_take(open(paths->parent, O_PATH | O_DIRECTORY | O_CLOEXEC), paths->real);
}

/*
 * PATH, shorter than PATH_MAX, is a link to lslExecutor. It may be relative, or
 * lead through a link to a container's directory, whose names are bare.
 */
static bool command_of_link(const char *path, struct command *command)
{
	const char *base = path_base(path);
	size_t len;

	if (strlen(base) <= NAME_MAX && real_directory(path)) {
		len = strlen(paths->real);
		paths->real[len] = '/';
		strcpy(paths->real + len + 1, base);
		path = paths->real;
	}
	return command_from_path(path, command);
}

/* Goes from the link at paths->here to its target, which is LEN bytes long. */
static bool go_to_target(size_t len)
{
	char *here = paths->here;
	const char *target = paths->target;
	size_t keep = target[0] == '/' ? 0 : (size_t)(path_base(here) - here);

	if (keep + len >= PATH_MAX)
		return false;
	memcpy(here + keep, target, len);
	here[keep + len] = '\0';
	return true;
}

/* Whether PATH is lslExecutor: the file of this process, by any name. */
static bool is_executor(const char *path)
{
	struct stat file, own;

	return stat(path, &file) == 0 && stat("/proc/self/exe", &own) == 0 &&
	       file.st_dev == own.st_dev && file.st_ino == own.st_ino;
}

enum end {
	END_COMMAND,
	END_EXECUTOR, /* lslExecutor, by a name that is not a command's */
	END_OTHER, /* another file */
	END_UNKNOWN, /* cannot be examined */
};

/*
 * The file at paths->here, reached after HOPS links, is lslExecutor itself by a
 * hard link or another spelling than that of our links, or a script.
 */
static enum end file_end(int hops, struct command *command)
{
	if (!is_executor(paths->here))
		return END_OTHER;
	if (command_from_path(paths->here, command) ||
	    (hops > 0 && command_of_link(paths->from, command)))
		return END_COMMAND;
	return END_EXECUTOR;
}

static enum end follow_links(const char *path, struct command *command)
{
	char *here, *target;
	ssize_t len;
	int hops;

	if (!paths)
		paths = arena_alloc(sizeof(*paths));
	here = paths->here;
	target = paths->target;
	if (strlen(path) >= PATH_MAX)
		return END_UNKNOWN;
	strcpy(here, path);
	for (hops = 0; hops < LINKS_MAX; hops++) {
		if (command_from_cmddir(here, command))
			return END_COMMAND;
		len = readlink(here, target, PATH_MAX - 1);
		if (len < 0 && errno == EINVAL)
			return file_end(hops, command);
		/*
		 * It was executed, so it existed: only its spelling can be
		 * used.
		 */
		if (len < 0)
			return hops == 0 && command_from_path(path, command) ? END_COMMAND
									     : END_UNKNOWN;
		target[len] = '\0';
		if (strcmp(target, PATH_EXECUTOR) == 0 || strcmp(target, PATH_EXECUTOR_LINK) == 0)
			return command_of_link(here, command) ? END_COMMAND : END_EXECUTOR;
		strcpy(paths->from, here);
		if (!go_to_target((size_t)len))
			return END_UNKNOWN;
	}
	return END_UNKNOWN;
}

static const char *without_dash(const char *argv0)
{
	return argv0 + (argv0[0] == '-');
}

const char *invocation_spelled(const char *path, const char *argv0, struct command *command)
{
	if (command_from_cmddir(path, command))
		return path;
	return command_from_cmddir(argv0, command) ? argv0 : NULL;
}

bool invocation_from_name(const char *argv0, struct command *command)
{
	return command_split(without_dash(argv0), command);
}

const char *invocation_resolve(const char *path, const char *argv0, struct command *command)
{
	enum end end = follow_links(path, command);

	if (end == END_COMMAND)
		return path;
	/*
	 * lslExecutor was executed on behalf of another file: ARGV0 is the
	 * kernel's.
	 */
	if (end == END_OTHER && follow_links(argv0, command) == END_COMMAND)
		return argv0;
	return invocation_from_name(argv0, command) ? without_dash(argv0) : NULL;
}

bool invocation_is_descriptor(const char *path)
{
	return strncmp(path, "/dev/fd/", 8) == 0 || strncmp(path, "/proc/", 6) == 0;
}

/* Whether ARGV0 is a name of COMMAND, or of PATH. */
static bool is_name_of(const char *argv0, const char *path, const struct command *command)
{
	struct command named;

	if (strcmp(path_base(argv0), path_base(path)) == 0)
		return true;
	return (command_from_cmddir(argv0, &named) || command_split(argv0, &named)) &&
	       strcmp(named.container, command->container) == 0 &&
	       strcmp(named.program, command->program) == 0;
}

const char *invocation_program_argv0(const char *path, const char *argv0,
				     const struct command *command, char *name)
{
	/* A program's own name may begin with a dash, too. */
	bool is_login = argv0[0] == '-' && strcmp(argv0, path_base(path)) != 0;

	if (!is_name_of(argv0 + is_login, path, command))
		return argv0;
	if (!is_login)
		return command->program;
	name[0] = '-';
	strcpy(name + 1, command->program);
	return name;
}
