/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fail.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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
#include "diagnose.h"
#include "exit.h"
#include "pathnames.h"
#include "place.h"
#include "record.h"
#include "rundir.h"
#include "safepath.h"
#include "syscalls.h"

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
static bool is_in_other_userns(void)
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

	return is_in_other_userns() && stat(own, &st) == 0 && st.st_uid != 0;
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
static const char *why_withheld(void)
{
	if (is_bounded())
		return "CAP_SYS_ADMIN or CAP_SYS_CHROOT is not in the bounding set (in a container, or a unit with CapabilityBoundingSet=?)";
	if (getuid() != 0 && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		return "no_new_privs is set (in a sandbox, or a unit with NoNewPrivileges=, DynamicUser=, or User= with PrivateDevices= or the like?)";
	if (is_traced())
		return "a debugger or strace traces it (attach to the program once it runs, or trace as root)";
	return NULL;
}

static _Noreturn void fail_no_privilege_because(const char *container, const char *subject,
						const char *why)
{
	exit_saying(EXIT_LSL, "no privilege to enter ", container, ": ", subject, why, NULL);
}

static _Noreturn void fail_user_namespace(const char *container)
{
	fail_no_privilege_because(
		container, "",
		"this is another user namespace (a rootless container or a sandbox); commands work only outside of it");
}

/* PATH is this program. */
static _Noreturn void fail_unarmed(const char *container, const char *path)
{
	exit_saying(EXIT_LSL, "no privilege to enter ", container, ": ", path,
		    " has no privilege (sudo chown root:root and chmod 4755 ", path, ")", NULL);
}

_Noreturn void fail_no_privilege(const char *container)
{
	const char *why = why_withheld();
	char *path = arena_alloc(PATH_MAX);
	ssize_t n = readlink(own, path, PATH_MAX - 1);

	path[n < 0 ? 0 : n] = '\0';
	container = named(container);
	if (is_root_unmapped())
		fail_user_namespace(container);
	if (why)
		fail_no_privilege_because(container, "", why);
	if (is_nosuid())
		fail_no_privilege_because(
			container, path,
			" is on a file system that is mounted nosuid (install it elsewhere, or remount with suid)");
	if (!is_armed())
		fail_unarmed(container, path);
	/* As they were at exec: they may have been given up since. */
	if (getauxval(AT_EUID) != getauxval(AT_UID))
		why = "the caller is a setuid program of another user, who is not root";
	else
		why = "something removed it (a container, securebits, a working directory shared with another process?)";
	fail_no_privilege_because(container, "", why);
}

_Noreturn void fail_no_drop(const char *container)
{
	/* An id that is not mapped cannot be taken. */
	if (is_in_other_userns())
		fail_user_namespace(container);
	exit_saying(EXIT_LSL, "cannot give up privilege", NULL);
}

static _Noreturn void fail_distrust(const char *container)
{
	struct record_path record = record_path(container, RECORD_SUFFIX);
	int dir = rundir_open();
	struct stat st;

	if (is_root_unmapped())
		fail_no_privilege(container);
	if (dir < 0)
		exit_saying(
			EXIT_LSL,
			PATH_MNTDIR
			", or a directory that leads to it, is writable by users other than root",
			" (sudo chown root:root, chmod go-w)", NULL);
	if (fstatat(dir, record.text, &st, AT_SYMLINK_NOFOLLOW) == 0 && !safepath_is_root_only(&st))
		exit_saying(EXIT_LSL, "the record of ", container,
			    " in " PATH_MNTDIR
			    " is writable by users other than root (sudo lsl restart ",
			    container, ")", NULL);
	exit_saying(EXIT_LSL, "what is in " PATH_MNTDIR " for ", container,
		    " is not a namespace of lsl's (sudo lsl restart ", container, ")", NULL);
}

/*
 * The record exists, and a file at the place of the namespace: the mount on the
 * file is in another mount namespace.
 */
static _Noreturn void fail_unreachable(const char *container, int by_id)
{
	const char *why;

	container = named(container);
	if (by_id == -ESTALE)
		exit_saying(EXIT_LSL, "the namespace of ", container, " is gone (sudo lsl restart)",
			    NULL);
	if (by_id != -ENOENT && by_id != -EBADF)
		why = ": open_by_handle_at(2) is refused (a unit with SystemCallFilter=?)";
	else if (getuid() != 0)
		why = " (a unit with PrivateTmp= or the like, unshare -m, ip netns exec, or a container?): before Linux 6.18 only root can";
	else
		why = ": before Linux 6.18 that needs CAP_SYS_PTRACE (a unit with CapabilityBoundingSet=?) and the host's /proc";
	exit_saying(EXIT_LSL, "cannot enter ", container, " from this mount namespace", why, NULL);
}

/* A started container has a directory in the command directory. */
static bool is_container_listed(const char *container)
{
	char path[sizeof(PATH_LINKSDIR) + 1 + CONTAINER_NAME_MAX];
	struct stat st;

	strcpy(path, PATH_LINKSDIR "/");
	strcat(path, container);
	return stat(path, &st) == 0;
}

static _Noreturn void fail_no_record(const char *container)
{
	struct stat st;

	if (stat(PATH_MNTDIR, &st) < 0 && is_container_listed(container))
		exit_saying(
			EXIT_LSL, "cannot enter ", container,
			": " PATH_MNTDIR
			" is not visible here (a unit with TemporaryFileSystem= or InaccessiblePaths=?)",
			NULL);
	exit_saying(EXIT_LSL, container, " is not started (sudo lsl start ", container, ")", NULL);
}

_Noreturn void fail_not_entered(const char *container, int status)
{
	const char *why = strerror(-status);

	if (status == -EPERM && is_in_other_userns())
		fail_user_namespace(container);
	if (status == -EPERM || status == -ENOSYS)
		why = "setns(2) is refused (a unit with RestrictNamespaces= or SystemCallFilter=?)";
	exit_saying(EXIT_LSL, "cannot enter ", named(container), ": ", why, NULL);
}

_Noreturn void fail_not_started(const char *container, int status, int by_id)
{
	switch (status) {
	case -ENOENT:
		fail_no_record(container);
	case -ENOTTY:
		fail_unreachable(container, by_id);
	case -EINVAL:
	case -EFBIG:
		exit_saying(EXIT_LSL, "the record of ", container,
			    " in " PATH_MNTDIR
			    " is damaged or of another version of lsl (sudo lsl restart ",
			    container, ")", NULL);
	case -EPERM:
	case -ELOOP:
		fail_distrust(container);
	default:
		exit_saying(EXIT_LSL, "cannot enter ", container, ": ", strerror(-status), NULL);
	}
}

/* Whether TEXT is one word for a shell. */
static bool is_shell_word(const char *text)
{
	return text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				 "%+,-./:@_")] == '\0';
}

_Noreturn void fail_no_program(const char *container, const char *program)
{
	if (is_shell_word(program) && !is_host(container))
		exit_saying(EXIT_NOT_FOUND, container, " has no program ", program, " (lsl which ",
			    program, ")", NULL);
	exit_saying(EXIT_NOT_FOUND, named(container), " has no program ", program, NULL);
}

/* "in debian", "on the host" */
static const char *in_or_on(const char *container)
{
	return is_host(container) ? " on " : " in ";
}

static _Noreturn void fail_closed_root(const char *container, const char *rootfs)
{
	static const char words[] = "this user may not search the root directory of ";

	if (is_shell_word(rootfs))
		exit_saying(EXIT_LSL, words, container, " (sudo chmod a+rx ", rootfs, ")", NULL);
	exit_saying(EXIT_LSL, words, container, ", ", rootfs, NULL);
}

_Noreturn void fail_no_directory(const char *container, const char *rootfs, int status)
{
	if (status == -EACCES && access("/", X_OK) < 0)
		fail_closed_root(container, rootfs);
	exit_saying(EXIT_LSL, "cannot enter the working directory", in_or_on(container),
		    named(container), ": ",
		    status == -ENOENT ? "it was deleted or is not visible there"
				      : strerror(-status),
		    NULL);
}

_Noreturn void fail_depth(const char *container, const char *program)
{
	exit_saying(
		EXIT_LSL, container, ":", program,
		" is not run: commands seem to call each other in a circle (LSL_DEPTH counts them; unset it if they do not)",
		NULL);
}

_Noreturn void fail_no_script(const char *container, const char *script)
{
	exit_saying(EXIT_LSL, "the script ", script, " is not visible", in_or_on(container),
		    named(container), NULL);
}

/* Why EMULATOR, a path on the host, cannot be executed. */
static const char *emulator_reason(struct diagnosis *diagnosis, const char *emulator, int err)
{
	const char *inside = place_below_old_root(emulator);

	if (diagnose_is_missing(inside))
		return "it is not on the host";
	if (err == ENOENT)
		return "it has to be linked statically (sudo lsl check says more)";
	if (err == ENOEXEC)
		return "it is not a program for this machine (sudo lsl check says more)";
	return diagnose_exec(diagnosis, inside, err);
}

_Noreturn void fail_exec(const char *container, const char *path, const char *emulator, int err)
{
	struct diagnosis *diagnosis = arena_alloc(sizeof(*diagnosis));
	int status = diagnose_is_missing(path) ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE;
	const char *interpreter = diagnosis->interpreter, *why;

	if (emulator)
		exit_saying(status, "cannot execute ", path, " in ", container,
			    ": its interpreter in " PATH_CONFIG ", ", emulator, ": ",
			    emulator_reason(diagnosis, emulator, err), NULL);
	if ((err == ENOENT || err == ENOTDIR) && status == EXIT_NOT_FOUND)
		exit_saying(status, container, " has no ", path, NULL);
	why = diagnose_exec(diagnosis, path, err);
	exit_saying(status, "cannot execute ", path, " in ", container,
		    *interpreter ? ": its interpreter, " : "", interpreter, ": ", why, NULL);
}
