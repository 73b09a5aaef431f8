/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "diagnose.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "elfarch.h"
#include "arena.h"
#include "pathnames.h"

/*
 * A script's interpreter may be a script: the kernel follows so many,
 * exec_binprm in its fs/exec.c.
 */
#define DEPTH_MAX 5

struct file {
	int fd; /* -1: cannot be read */
	char head[EXEC_LINE_MAX + 1];
	size_t size; /* of HEAD */
};

static void file_open(struct file *file, const char *path)
{
	ssize_t n = -1;

	file->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (file->fd >= 0)
		n = read(file->fd, file->head, EXEC_LINE_MAX);
	file->size = n > 0 ? (size_t)n : 0;
	file->head[file->size] = '\0';
}

static void file_close(const struct file *file)
{
	if (file->fd >= 0)
		close(file->fd);
}

static bool is_script(const struct file *file)
{
	return file->size > 2 && memcmp(file->head, "#!", 2) == 0;
}

static bool is_elf(const struct file *file)
{
	return file->size >= SELFMAG && memcmp(file->head, ELFMAG, SELFMAG) == 0;
}

/* It begins neither like a script nor like a program: see exec.h. */
static bool is_run_by_shell(const struct file *file)
{
	return file->fd >= 0 && !is_script(file) && file->head[0] != ELFMAG0;
}

/*
 * The interpreter of a script, in place. Empty: there is none. It can be called
 * again.
 */
static const char *script_interpreter(struct file *file)
{
	char *path = file->head + 2;

	if (!is_script(file))
		return "/bin/sh";
	path += strspn(path, " \t");
	path[strcspn(path, " \t\n")] = '\0';
	return path;
}

/*
 * The path of FILE's dynamic loader into PATH, PATH_MAX bytes; false if it has
 * none.
 */
static bool read_loader(const struct file *file, char *path)
{
	struct elfarch_part part;
	struct elfarch arch;
	ssize_t n;

	if (elfarch_parse(file->head, file->size, &arch) < 0 ||
	    !elfarch_find_loader(file->fd, &arch, &part) || part.size == 0 || part.size > PATH_MAX)
		return false;
	n = pread(file->fd, path, (size_t)part.size, (off_t)part.offset);
	if (n <= 0)
		return false;
	path[n - 1] = '\0';
	return true;
}

/* PATH is shorter than PATH_MAX, and there is room for the words around it. */
static const char *say(struct diagnosis *diagnosis, const char *before, const char *path,
		       const char *after)
{
	strcpy(diagnosis->text, before);
	strcat(diagnosis->text, path);
	return strcat(diagnosis->text, after);
}

bool diagnose_is_missing(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 && (errno == ENOENT || errno == ENOTDIR);
}

/* The fault of a script itself. NULL: its interpreter is refused. */
static const char *script_reason(struct diagnosis *diagnosis, const char *interpreter, int err)
{
	size_t len = strlen(interpreter);

	if (len == 0)
		return "its first line (#!) names no interpreter";
	if (err != ENOENT || !diagnose_is_missing(interpreter))
		return NULL;
	if (interpreter[len - 1] == '\r')
		return "its first line (#!) ends in a carriage return, as in text files of Windows";
	return say(diagnosis, "the interpreter in its first line (#!), ", interpreter,
		   ", is not in the container");
}

static const char *not_found(struct diagnosis *diagnosis, const struct file *file)
{
	char *loader = arena_alloc(PATH_MAX);

	if (is_elf(file) && read_loader(file, loader))
		return say(diagnosis, "its dynamic loader, ", loader, ", is not in the container");
	if (is_elf(file) || file->fd < 0)
		return "the program that would run it is not in the container";
	return "it has no first line with an interpreter (#!), and /bin/sh is not in the container";
}

static const char *not_native(struct diagnosis *diagnosis, const struct file *file)
{
	char name[ELFARCH_NAME_MAX];
	struct elfarch arch;

	if (elfarch_parse(file->head, file->size, &arch) < 0 || elfarch_is_native(&arch))
		return "it is damaged, or of a kind that the kernel does not know";
	if (!elfarch_name(&arch, name))
		return say(diagnosis, "it is a program for ", name,
			   " (set interpreter in " PATH_CONFIG ", then sudo lsl start)");
	return say(
		diagnosis, "it is a program for ", name,
		" (set interpreter in " PATH_CONFIG
		" to a static emulator, then sudo lsl start; Debian has them in qemu-user-static, newer releases in qemu-user)");
}

/*
 * The first directory in PATH, which is absolute, that the caller may not
 * search.
 */
static const char *closed_directory(struct diagnosis *diagnosis, const char *path)
{
	size_t len = strlen(path) + 1, i;
	char *part = memcpy(arena_alloc(len), path, len);

	for (i = 1; part[i]; i++) {
		if (part[i] != '/')
			continue;
		part[i] = '\0';
		if (access(part, X_OK) < 0)
			return say(diagnosis, "its directory ", part,
				   " may not be searched by this user");
		part[i] = '/';
	}
	return "a directory that leads to it may not be searched";
}

/* NULL: nothing is wrong with this file. */
static const char *not_permitted(struct diagnosis *diagnosis, const char *path)
{
	struct statvfs fs;
	struct stat st;

	if (stat(path, &st) < 0)
		return closed_directory(diagnosis, path);
	if (S_ISDIR(st.st_mode))
		return "it is a directory";
	if (!S_ISREG(st.st_mode))
		return "it is not a regular file";
	if (statvfs(path, &fs) == 0 && (fs.f_flag & ST_NOEXEC))
		return "it is on a file system that is mounted noexec";
	if (access(path, X_OK) < 0)
		return "its mode does not let this user execute it";
	return NULL;
}

/*
 * The fault of the file itself; NULL if a script's interpreter has to be
 * examined.
 */
static const char *file_reason(struct diagnosis *diagnosis, struct file *file, const char *path,
			       int err)
{
	const char *reason = NULL;

	if (err == EACCES)
		reason = not_permitted(diagnosis, path);
	if (!reason && is_script(file) && (err == ENOENT || err == EACCES || err == ENOEXEC))
		return script_reason(diagnosis, script_interpreter(file), err);
	if (reason)
		return reason;
	if (err == ENOENT)
		return not_found(diagnosis, file);
	if (err == ENOEXEC)
		return not_native(diagnosis, file);
	if (err == ETXTBSY)
		return "somebody has it open for writing (is it being installed?)";
	if (err == E2BIG)
		return "its arguments and environment are too long (xargs can split arguments)";
	return strerror(err);
}

const char *diagnose_exec(struct diagnosis *diagnosis, const char *path, int err)
{
	const char *reason = NULL;
	struct file file;
	int depth;

	diagnosis->interpreter[0] = '\0';
	for (depth = 0; depth < DEPTH_MAX; depth++) {
		file_open(&file, path);
		/*
		 * The kernel executes a script's interpreter; no shell runs it
		 * instead.
		 */
		if (depth > 0 || err != ENOEXEC || !is_run_by_shell(&file))
			reason = file_reason(diagnosis, &file, path, err);
		file_close(&file);
		if (reason)
			return reason;
		strcpy(diagnosis->interpreter, script_interpreter(&file));
		path = diagnosis->interpreter;
	}
	return strerror(err);
}
