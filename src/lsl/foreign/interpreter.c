/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "foreign/interpreter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "foreign/binfmt.h"
#include "base/debug.h"
#include "elfarch.h"
#include "lsl.h"
#include "foreign/rootfs_arch.h"
#include "safepath.h"

/*
 * Checks that PATH is a safe path: a user with write access to it can run
 * programs as root.
 */
static bool is_safe_file(const char *path, const struct stat *st)
{
	char *real = realpath(path, NULL);
	bool is_safe;
	int dir;

	if (!real)
		return false;
	*strrchr(real, '/') = '\0';
	dir = safepath_open_dir(*real ? real : "/");
	is_safe = dir >= 0 && safepath_is_root_only(st);
	if (dir >= 0)
		close(dir);
	free(real);
	return is_safe;
}

static int check_program(int fd, const char *path, struct failure *failure)
{
	char name[ELFARCH_NAME_MAX];
	struct elfarch_part loader;
	struct elfarch arch;
	int status = elfarch_read(fd, &arch);

	if (status < 0)
		return failure_say(failure, status, "interpreter %s is not a program", path);
	elfarch_name(&arch, name);
	if (!elfarch_is_native(&arch))
		return failure_say(
			failure, -ENOEXEC,
			"interpreter %s is itself a program for %s (install the one for this machine)",
			path, name);
	if (elfarch_find_loader(fd, &arch, &loader))
		return failure_say(
			failure, -ELIBACC,
			"interpreter %s is linked dynamically, and its libraries are not in the container (use a static one: Debian has QEMU's in qemu-user-static, newer releases in qemu-user)",
			path);
	return 0;
}

static int check_file(int fd, const char *path, struct failure *failure)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return failure_set(failure, errno, "interpreter %s", path);
	if (!S_ISREG(st.st_mode) || !(st.st_mode & S_IXUSR))
		return failure_say(failure, -EACCES, "interpreter %s is not executable", path);
	if (!is_safe_file(path, &st))
		return failure_say(
			failure, -EPERM,
			"interpreter %s, or a directory that leads to it, is writable by users other than root (sudo chown root:root, chmod go-w)",
			path);
	return check_program(fd, path, failure);
}

int interpreter_check(const char *path, struct failure *failure)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	int status;

	if (fd < 0 && errno == ENOENT)
		return failure_say(
			failure, -ENOENT,
			"interpreter %s does not exist (Debian has QEMU's in qemu-user-static, newer releases in qemu-user)",
			path);
	if (fd < 0)
		return failure_set(failure, errno, "interpreter %s", path);
	status = check_file(fd, path, failure);
	close(fd);
	return status;
}

static bool is_architecture(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < ELFARCH_KNOWN; i++)
		if (strlen(elfarch_known[i].name) == len &&
		    memcmp(elfarch_known[i].name, name, len) == 0)
			return true;
	return false;
}

/*
 * Returns the NAME in /usr/bin/qemu-NAME-static, or qemu-NAME; NULL: PATH is
 * not QEMU's.
 */
static const char *emulated_by(const char *path, size_t *len)
{
	static const char prefix[] = "qemu-", suffix[] = "-static";
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	if (strncmp(name, prefix, strlen(prefix)) != 0)
		return NULL;
	name += strlen(prefix);
	*len = strlen(name);
	if (*len > strlen(suffix) && strcmp(name + *len - strlen(suffix), suffix) == 0)
		*len -= strlen(suffix);
	return is_architecture(name, *len) ? name : NULL;
}

bool interpreter_usual_path(const struct elfarch *arch, char path[INTERPRETER_PATH_MAX])
{
	char name[ELFARCH_NAME_MAX];
	struct failure failure;

	if (!elfarch_name(arch, name))
		return false;
	snprintf(path, INTERPRETER_PATH_MAX, "/usr/bin/qemu-%s", name);
	if (interpreter_check(path, &failure) < 0)
		snprintf(path, INTERPRETER_PATH_MAX, "/usr/bin/qemu-%s-static", name);
	return true;
}

/*
 * Whether PATH is for programs of ARCH by its name; its content does not show
 * this.
 */
static int check_suits(const char *path, const struct elfarch *arch, struct failure *failure)
{
	char wanted[ELFARCH_NAME_MAX], usual[INTERPRETER_PATH_MAX] = "another one";
	size_t len;
	const char *name = emulated_by(path, &len);

	elfarch_name(arch, wanted);
	if (!name || (strlen(wanted) == len && memcmp(wanted, name, len) == 0))
		return 0;
	interpreter_usual_path(arch, usual);
	return failure_say(failure, -ENOEXEC,
			   "interpreter %s is for %.*s, but the programs are for %s (use %s)", path,
			   (int)len, name, wanted, usual);
}

void interpreter_look(const struct container *container, struct interpreter *interpreter)
{
	const char *path = container->interpreter;
	struct failure *failure = &interpreter->failure;
	int status;

	interpreter->use = path ? INTERPRETER_UNUSABLE : INTERPRETER_UNSET;
	if (!path || interpreter_check(path, failure) < 0)
		return;
	status = rootfs_arch_find(container, &interpreter->arch);
	if (status < 0) {
		interpreter->use = INTERPRETER_UNKNOWN;
		interpreter->unknown = -status;
	} else if (status == ROOTFS_NATIVE) {
		interpreter->use = INTERPRETER_UNNEEDED;
	} else if (check_suits(path, &interpreter->arch, failure) == 0) {
		interpreter->use = INTERPRETER_NEEDED;
	}
}

/*
 * The path by which a handler with the flag P executes the emulator PATH for
 * programs of ARCH: PATH, or NAMED, if that is another name of the same file.
 * By such a name Debian's QEMU expects the arguments of this flag on every
 * kernel. By PATH it expects them only if QEMU and the kernel are new enough,
 * see binfmt.h; else programs would get one argument too many.
 */
static const char *name_for_p(const struct elfarch *arch, const char *path,
			      char named[INTERPRETER_PATH_MAX])
{
	char name[ELFARCH_NAME_MAX];
	struct failure failure;
	struct stat st, st_named;

	elfarch_name(arch, name);
	snprintf(named, INTERPRETER_PATH_MAX, "/usr/libexec/qemu-binfmt/%s-binfmt-P", name);
	if (stat(path, &st) < 0 || stat(named, &st_named) < 0 || st.st_dev != st_named.st_dev ||
	    st.st_ino != st_named.st_ino || interpreter_check(named, &failure) < 0)
		return path;
	return named;
}

/* Makes programs that CONTAINER's programs start run under INTERPRETER, too. */
static void begin_handler_of(int rundir, const struct container *container,
			     const struct interpreter *interpreter)
{
	char name[ELFARCH_NAME_MAX], named[INTERPRETER_PATH_MAX];
	struct failure failure;
	int status;

	elfarch_name(&interpreter->arch, name);
	debug("%s: its programs are for %s", container->name, name);
	status = binfmt_begin(rundir, container->name, &interpreter->arch,
			      name_for_p(&interpreter->arch, container->interpreter, named),
			      &failure);
	if (status < 0)
		lsl_say("%s: its %s programs run, but programs that they start do not: %s",
			container->name, name, failure.text);
	else if (status == BINFMT_PARTLY)
		lsl_say("%s: %s", container->name, failure.text);
}

void interpreter_begin(int rundir, const struct container *container)
{
	struct interpreter interpreter;
	char name[ELFARCH_NAME_MAX];

	interpreter_look(container, &interpreter);
	switch (interpreter.use) {
	case INTERPRETER_UNSET:
		break;
	case INTERPRETER_UNUSABLE:
		lsl_say("%s:%u: %s; programs of %s for another architecture do not run",
			container->file, container->interpreter_line, interpreter.failure.text,
			container->name);
		break;
	case INTERPRETER_UNKNOWN:
		lsl_say("%s: programs that its programs start do not run under the interpreter: bins has no program yet that shows their architecture (run sudo lsl start %s when it has)",
			container->name, container->name);
		break;
	case INTERPRETER_UNNEEDED:
		elfarch_name(&interpreter.arch, name);
		lsl_say("%s:%u: %s needs no interpreter: its programs are for %s, like the host's",
			container->file, container->interpreter_line, container->name, name);
		break;
	case INTERPRETER_NEEDED:
		begin_handler_of(rundir, container, &interpreter);
		break;
	}
}

bool interpreter_end(int rundir)
{
	struct failure failure;

	if (binfmt_end(rundir, &failure) == 0)
		return true;
	lsl_say("%s", failure.text);
	return false;
}
