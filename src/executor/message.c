/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "message.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "arena.h"
#include "container_name.h"
#include "pathnames.h"
#include "diagnose.h"
#include "syscalls.h"
#include "safepath.h"
#include "visible.h"

/* The longest line; the rest is left out. */
#define LINE_SIZE 2048

static void write_line(const char *prefix, const char *first, va_list args)
{
	char *line = arena_alloc(LINE_SIZE);
	size_t len = strlen(prefix);
	const char *s;
	ssize_t n;

	strcpy(line, prefix);
	/* Keeps room for the newline. */
	for (s = first; s; s = va_arg(args, const char *))
		len += visible_copy(line + len, LINE_SIZE - 1 - len, s, strlen(s));
	line[len++] = '\n';
	/* If stderr cannot be written, nobody can be told. */
	n = write(STDERR_FILENO, line, len);
	(void)n;
	arena_trim(line, 0);
}

void message_write(const char *first, ...)
{
	va_list args;

	va_start(args, first);
	write_line("lslExecutor: ", first, args);
	va_end(args);
}

void message_plain(const char *first, ...)
{
	va_list args;

	va_start(args, first);
	write_line("", first, args);
	va_end(args);
}

static bool is_host(const char *container)
{
	return strcmp(container, HOST_NAME) == 0;
}

/* Its name in a sentence. */
static const char *named(const char *container)
{
	return is_host(container) ? "the host" : container;
}

static const char own[] = "/proc/self/exe";

/* Not by uid_map, because another namespace can have the initial one's. */
static bool is_in_user_namespace(void)
{
	struct stat st;

	return stat("/proc/self/ns/user", &st) == 0 && st.st_ino != LSL_INITIAL_USERNS_INO;
}

/*
 * Whether the running file is root's only in the user namespace in which it was
 * installed.
 */
static bool is_root_unmapped(void)
{
	struct stat st;

	return is_in_user_namespace() && stat(own, &st) == 0 && st.st_uid != 0;
}

/* linux/capability.h: CAP_SYS_CHROOT, CAP_SYS_ADMIN */
static bool is_bounded(void)
{
	return prctl(PR_CAPBSET_READ, 18, 0, 0, 0) == 0 || prctl(PR_CAPBSET_READ, 21, 0, 0, 0) == 0;
}

/*
 * proc(5). Exec gives a traced process no privilege that its tracer does not
 * have.
 */
static bool is_traced(void)
{
	static const char key[] = "\nTracerPid:\t";
	char text[1024];
	const char *value;
	ssize_t n;
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n < 0 ? 0 : n] = '\0';
	value = strstr(text, key);
	return value && value[sizeof(key) - 1] != '0';
}

/* Setuid root, or with file capabilities. */
static bool is_armed(void)
{
	struct stat st;

	return (stat(own, &st) == 0 && st.st_uid == 0 && (st.st_mode & S_ISUID)) ||
	       getxattr(own, "security.capability", NULL, 0) > 0;
}

static bool is_nosuid(void)
{
	struct statvfs fs;

	return statvfs(own, &fs) == 0 && (fs.f_flag & ST_NOSUID);
}

/*
 * Each of these alone withholds privilege, wherever the program is installed.
 */
static const char *privilege_taker(void)
{
	if (is_bounded())
		return "CAP_SYS_ADMIN or CAP_SYS_CHROOT is not in the bounding set (in a container, or a unit with CapabilityBoundingSet=?)";
	if (getuid() != 0 && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		return "no_new_privs is set (in a sandbox, or a unit with NoNewPrivileges=, DynamicUser=, or User= with PrivateDevices= or the like?)";
	if (is_traced())
		return "a debugger or strace traces it (attach to the program once it runs, or trace as root)";
	return NULL;
}

static void explain_user_namespace(const char *container)
{
	message_write(
		"no privilege to enter ", container,
		": this is another user namespace (a rootless container or a sandbox); commands work only outside of it",
		NULL);
}

void message_no_privilege(const char *container)
{
	const char *why = privilege_taker();
	char *path = arena_alloc(PATH_MAX);
	ssize_t n = readlink(own, path, PATH_MAX - 1);

	path[n < 0 ? 0 : n] = '\0';
	container = named(container);
	if (is_root_unmapped())
		explain_user_namespace(container);
	else if (why)
		message_write("no privilege to enter ", container, ": ", why, NULL);
	else if (is_nosuid())
		message_write(
			"no privilege to enter ", container, ": ", path,
			" is on a file system that is mounted nosuid (install it elsewhere, or remount with suid)",
			NULL);
	else if (!is_armed())
		message_write("no privilege to enter ", container, ": ", path,
			      " has no privilege (sudo chown root:root and chmod 4755 ", path, ")",
			      NULL);
	/* As they were at exec: they may have been given up since. */
	else if (getauxval(AT_EUID) != getauxval(AT_UID))
		message_write("no privilege to enter ", container,
			      ": the caller is a setuid program of another user, who is not root",
			      NULL);
	else
		message_write(
			"no privilege to enter ", container,
			": something removed it (a container, securebits, a working directory shared with another process?)",
			NULL);
}

void message_no_drop(const char *container)
{
	/* An id that is not mapped cannot be taken. */
	if (is_in_user_namespace())
		explain_user_namespace(container);
	else
		message_write("cannot give up privilege", NULL);
}

/* The files beside the namespace, as the caller sees them. */
static int stat_record(const char *container, struct stat *st)
{
	char path[sizeof(PATH_MNTDIR) + 1 + CONTAINER_NAME_MAX + sizeof(":record")];

	strcpy(path, PATH_MNTDIR "/");
	strcat(path, container);
	strcat(path, ":record");
	return lstat(path, st);
}

static void explain_distrust(const char *container)
{
	int dir = safepath_open_dir(PATH_MNTDIR);
	struct stat st;

	if (is_root_unmapped())
		message_no_privilege(container);
	else if (dir < 0)
		message_write(
			PATH_MNTDIR
			", or a directory that leads to it, is writable by users other than root",
			" (sudo chown root:root, chmod go-w)", NULL);
	else if (stat_record(container, &st) == 0 && !safepath_is_root_only(&st))
		message_write("the record of ", container,
			      " in " PATH_MNTDIR
			      " is writable by users other than root (sudo lsl restart ",
			      container, ")", NULL);
	else
		message_write("what is in " PATH_MNTDIR " for ", container,
			      " is not a namespace of lsl's (sudo lsl restart ", container, ")",
			      NULL);
	if (dir >= 0)
		close(dir);
}

/*
 * The record exists, and a file at the place of the namespace: the mount on the
 * file is in another mount namespace.
 */
static void explain_unreachable(const char *container, int by_id)
{
	if (by_id == -ESTALE)
		message_write("the namespace of ", named(container), " is gone (sudo lsl restart)",
			      NULL);
	else if (by_id != -ENOENT && by_id != -EBADF)
		message_write(
			"cannot enter ", named(container),
			" from this mount namespace: open_by_handle_at(2) is refused (a unit with SystemCallFilter=?)",
			NULL);
	else if (getuid() != 0)
		message_write(
			"cannot enter ", named(container),
			" from this mount namespace (a unit with PrivateTmp= or the like, unshare -m, ip netns exec, or a container?): before Linux 6.18 only root can",
			NULL);
	else
		message_write(
			"cannot enter ", named(container),
			" from this mount namespace: before Linux 6.18 that needs CAP_SYS_PTRACE (a unit with CapabilityBoundingSet=?) and the host's /proc",
			NULL);
}

/* A started container has a directory in the command directory. */
static bool is_listed(const char *container)
{
	char path[sizeof(PATH_LINKSDIR) + 1 + CONTAINER_NAME_MAX];
	struct stat st;

	strcpy(path, PATH_LINKSDIR "/");
	strcat(path, container);
	return stat(path, &st) == 0;
}

static void explain_no_record(const char *container)
{
	struct stat st;

	if (stat(PATH_MNTDIR, &st) < 0 && is_listed(container))
		message_write(
			"cannot enter ", container,
			": " PATH_MNTDIR
			" is not visible here (a unit with TemporaryFileSystem= or InaccessiblePaths=?)",
			NULL);
	else
		message_write(container, " is not started (sudo lsl start ", container, ")", NULL);
}

void message_not_entered(const char *container, int status)
{
	if (status == -EPERM && is_in_user_namespace())
		explain_user_namespace(container);
	else if (status == -EPERM || status == -ENOSYS)
		message_write(
			"cannot enter ", named(container),
			": setns(2) is refused (a unit with RestrictNamespaces= or SystemCallFilter=?)",
			NULL);
	else
		message_write("cannot enter ", named(container), ": ", strerror(-status), NULL);
}

void message_not_started(const char *container, int status, int by_id)
{
	switch (status) {
	case -ENOENT:
		explain_no_record(container);
		break;
	case -ENOTTY:
		explain_unreachable(container, by_id);
		break;
	case -EINVAL:
	case -EFBIG:
		message_write("the record of ", container,
			      " in " PATH_MNTDIR
			      " is damaged or of another version of lsl (sudo lsl restart ",
			      container, ")", NULL);
		break;
	case -EPERM:
	case -ELOOP:
		explain_distrust(container);
		break;
	default:
		message_write("cannot enter ", container, ": ", strerror(-status), NULL);
	}
}

/* Whether TEXT is one word for a shell. */
static bool is_word(const char *text)
{
	return text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				 "%+,-./:@_")] == '\0';
}

void message_no_program(const char *container, const char *program)
{
	if (is_word(program) && !is_host(container))
		message_write(container, " has no program ", program, " (lsl which ", program, ")",
			      NULL);
	else
		message_write(named(container), " has no program ", program, NULL);
}

static void explain_closed_root(const char *container, const char *rootfs)
{
	if (is_word(rootfs))
		message_write("this user may not search the root directory of ", container,
			      " (sudo chmod a+rx ", rootfs, ")", NULL);
	else
		message_write("this user may not search the root directory of ", container, ", ",
			      rootfs, NULL);
}

void message_no_directory(const char *container, const char *rootfs, int status)
{
	if (status == -EACCES && access("/", X_OK) < 0)
		explain_closed_root(container, rootfs);
	else
		message_write("cannot enter the working directory ",
			      is_host(container) ? "on " : "in ", named(container), ": ",
			      status == -ENOENT ? "it was deleted or is not visible there"
						: strerror(-status),
			      NULL);
}

void message_depth(const char *container, const char *program)
{
	message_write(
		container, ":", program,
		" is not run: commands seem to call each other in a circle (LSL_DEPTH counts them; unset it if they do not)",
		NULL);
}

void message_no_script(const char *container, const char *script)
{
	message_write("the script ", script, " is not visible ", is_host(container) ? "on " : "in ",
		      named(container), NULL);
}

/* "EMULATOR, ..." */
static void explain_emulator(const char *container, const char *path, const char *emulator, int err)
{
	char *inside = arena_alloc(sizeof(PATH_OLDROOT) + strlen(emulator));
	struct diagnosis *diagnosis = arena_alloc(sizeof(*diagnosis));
	const char *why;

	strcpy(inside, PATH_OLDROOT);
	strcat(inside, emulator);
	if (diagnose_is_missing(inside))
		why = "it is not on the host";
	else if (err == ENOENT)
		why = "it has to be linked statically (qemu-user-static)";
	else if (err == ENOEXEC)
		why = "it is not a program for this machine (qemu-user-static)";
	else
		why = diagnose_exec(diagnosis, inside, err);
	message_write("cannot execute ", path, " in ", container,
		      ": its interpreter in " PATH_CONFIG ", ", emulator, ": ", why, NULL);
}

void message_exec(const char *container, const char *path, const char *emulator, int err)
{
	struct diagnosis *diagnosis = arena_alloc(sizeof(*diagnosis));
	const char *why;

	if (emulator) {
		explain_emulator(container, path, emulator, err);
		return;
	}
	if ((err == ENOENT || err == ENOTDIR) && diagnose_is_missing(path)) {
		message_write(container, " has no ", path, NULL);
		return;
	}
	why = diagnose_exec(diagnosis, path, err);
	if (diagnosis->interpreter[0])
		message_write("cannot execute ", path, " in ", container, ": its interpreter, ",
			      diagnosis->interpreter, ": ", why, NULL);
	else
		message_write("cannot execute ", path, " in ", container, ": ", why, NULL);
}
