/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "callpath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pathnames.h"

/* As many as the kernel follows, path_resolution(7). */
#define LINKS_MAX 40

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* "/proc/self/fd/N", without stdio. */
static void fd_path(int fd, char path[32])
{
	static const char prefix[] = "/proc/self/fd/";
	char digits[12];
	size_t count = 0, len = sizeof(prefix) - 1;

	memcpy(path, prefix, len);
	do
		digits[count++] = (char)('0' + fd % 10);
	while ((fd /= 10) > 0);
	while (count > 0)
		path[len++] = digits[--count];
	path[len] = '\0';
}

/* Where the directory that PATH, shorter than PATH_MAX, lies in really is. */
static bool real_directory(const char *path, char *directory, size_t size)
{
	char proc[32], parent[PATH_MAX + sizeof(".")];
	size_t len = (size_t)(base_of(path) - path);
	ssize_t n;
	int fd;

	memcpy(parent, path, len);
	memcpy(parent + len, ".", 2);
	fd = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	fd_path(fd, proc);
	n = readlink(proc, directory, size - 1);
	close(fd);
	if (n < 0)
		return false;
	directory[n] = '\0';
	return true;
}

static bool is_in_linksdir(const char *path)
{
	static const char linksdir[] = PATH_LINKSDIR "/";
	const char *name = path + sizeof(linksdir) - 1, *slash;

	if (strncmp(path, linksdir, sizeof(linksdir) - 1) != 0)
		return false;
	slash = strchr(name, '/');
	return !slash ||
	       (container_name_valid(name, (size_t)(slash - name)) && !strchr(slash + 1, '/'));
}

/*
 * PATH, shorter than PATH_MAX, is a link to lslExecutor. Which command it is, its spelling alone says where
 * it begins with the command directory; otherwise that may be a relative path or one through a link
 * to a container's directory, where names are bare.
 */
static bool command_of_link(const char *path, struct command *command)
{
	char real[PATH_MAX + NAME_MAX + 2];
	const char *base = base_of(path);
	size_t len;

	if (!is_in_linksdir(path) && strlen(base) <= NAME_MAX &&
	    real_directory(path, real, PATH_MAX)) {
		len = strlen(real);
		real[len] = '/';
		strcpy(real + len + 1, base);
		path = real;
	}
	return command_from_path(path, command);
}

/* Replaces PATH by the TARGET of the link that it is. */
static bool step(char path[PATH_MAX], const char *target, size_t len)
{
	size_t keep = target[0] == '/' ? 0 : (size_t)(base_of(path) - path);

	if (keep + len >= PATH_MAX)
		return false;
	memcpy(path + keep, target, len);
	path[keep + len] = '\0';
	return true;
}

/* Whether PATH is lslExecutor: this process' own file, by whatever name. */
static bool is_executor(const char *path)
{
	struct stat file, own;

	return stat(path, &file) == 0 && stat("/proc/self/exe", &own) == 0 &&
	       file.st_dev == own.st_dev && file.st_ino == own.st_ino;
}

static bool follow_links(const char *path, struct command *command)
{
	char here[PATH_MAX], target[PATH_MAX], link[PATH_MAX];
	ssize_t len;
	int hops;

	if (strlen(path) >= sizeof(here))
		return false;
	strcpy(here, path);
	for (hops = 0; hops < LINKS_MAX; hops++) {
		len = readlink(here, target, sizeof(target) - 1);
		/* EINVAL: a file, so a script or lslExecutor itself: a hard link, or spelled in another way than
		 * ours are. Otherwise it cannot be looked at (any more), and its spelling has to do. */
		if (len < 0 && errno == EINVAL)
			return is_executor(here) && (command_from_path(here, command) ||
						     (hops > 0 && command_of_link(link, command)));
		if (len < 0)
			return hops == 0 && command_from_path(path, command);
		target[len] = '\0';
		if (strcmp(target, PATH_EXECUTOR) == 0)
			return command_of_link(here, command);
		strcpy(link, here);
		if (!step(here, target, (size_t)len))
			return false;
	}
	return false;
}

static const char *without_dash(const char *argv0)
{
	return argv0 + (argv0[0] == '-');
}

bool callpath_is_spelled_out(const char *path, const char *argv0)
{
	struct command command;

	return is_in_linksdir(path) && command_from_path(path, &command) &&
	       strcmp(base_of(without_dash(argv0)), base_of(path)) == 0;
}

bool callpath_follow(const char *path, struct command *command)
{
	if (is_in_linksdir(path))
		return command_from_path(path, command);
	return follow_links(path, command);
}

/* ARGV0 without the dash of a login shell. */
static bool from_plain_argv0(const char *argv0, struct command *command)
{
	if (!strchr(argv0, '/'))
		return command_from_path(argv0, command);
	return callpath_follow(argv0, command);
}

bool callpath_from_argv0(const char *argv0, struct command *command)
{
	return from_plain_argv0(without_dash(argv0), command);
}

const char *callpath_program_argv0(const char *path, const char *argv0,
				   const struct command *command, char *name)
{
	const char *plain = without_dash(argv0);
	bool is_login = plain != argv0;
	struct command named;

	if (strcmp(base_of(plain), base_of(path)) != 0 &&
	    !(from_plain_argv0(plain, &named) && strcmp(named.container, command->container) == 0 &&
	      strcmp(named.program, command->program) == 0))
		return argv0;
	if (is_login)
		name[0] = '-';
	strcpy(name + is_login, command->program);
	return name;
}
