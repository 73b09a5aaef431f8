/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether ordinary users can use a container. Root may do nearly everything, so
 * a child with the credentials of a user looks. Modes, ACLs and FUSE's
 * allow_other then apply as to a user.
 */
#include "config.h"

#include "check/check.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/forked.h"
#include "inroot.h"
#include "files/location.h"
#include "caps.h"
#include "syscalls_more.h"
#include "base/debug.h"

/* A user and group id that no user and no process has. */
#define STRANGER 2147483646U

static const char check_name[] = "access";

static int become_stranger(void)
{
	if (setgroups(0, NULL) < 0 || setresgid(STRANGER, STRANGER, STRANGER) < 0 ||
	    setresuid(STRANGER, STRANGER, STRANGER) < 0)
		return -errno;
	return 0;
}

/* Whether the directory PATH may be searched. 0 or a positive errno. */
static int try_directory(int root, const char *path)
{
	int fd = inroot_open(root, path, O_PATH);
	int err;

	if (fd < 0)
		return -fd;
	err = faccessat(fd, ".", X_OK, AT_EACCESS) < 0 ? errno : 0;
	close(fd);
	/* A single file in bins. */
	return err == ENOTDIR ? 0 : err;
}

/*
 * Tries each directory that PATH, absolute, leads through; ROOT first. Returns
 * the length of the part that is refused, or -1.
 */
static ssize_t find_refused(int root, const char *path)
{
	size_t len = 0, end = strlen(path);
	int err = try_directory(root, "/");
	char part[PATH_MAX];

	while (err == 0 && len < end) {
		len++;
		len += strcspn(path + len, "/");
		memcpy(part, path, len);
		part[len] = '\0';
		err = try_directory(root, part);
	}
	return err == EACCES || err == EPERM ? (ssize_t)len : -1;
}

/* What a user tries: to get to PATH, absolute, below ROOT. */
struct access_question {
	int root;
	const char *path;
};

static void try_as_user(int results, const void *arg)
{
	const struct access_question *question = arg;
	ssize_t len;

	if (caps_has(CAP_SETUID) && become_stranger() < 0)
		return;
	len = find_refused(question->root, question->path);
	if (len >= 0)
		(void)!write(results, &len, sizeof(len));
}

/* DIR is the directory on the host that users may not enter. */
static void report_closed(struct check *check, const struct diag_place *place, int root,
			  const char *dir)
{
	struct statfs fs;

	if (fstatfs(root, &fs) == 0 && fs.f_type == LSL_FUSE_SUPER_MAGIC) {
		diag_add(
			&check->diags, SEVERITY_WARNING, place,
			"users may not enter %s, so their commands do not work: it is on FUSE, mount it with allow_other and default_permissions",
			dir);
		return;
	}
	diag_add(&check->diags, SEVERITY_WARNING, place,
		 "users may not enter %s, so their commands do not work", dir);
	diag_command(&check->diags, "sudo chmod a+x %s", dir);
}

/*
 * Whether users get to PATH below the root filesystem; if not, adds a finding.
 */
static bool is_open_to_users(struct check *check, const struct container *container, int root,
			     const char *path, unsigned int line)
{
	struct diag_place place = check_place(check_name, container, line);
	const struct access_question question = {root, path};
	ssize_t len;
	char *dir;

	debug("%s: a user tries %s", container->name, path);
	if (strlen(path) >= PATH_MAX ||
	    forked_ask(try_as_user, &question, &len, sizeof(len)) != (ssize_t)sizeof(len))
		return true;
	if (asprintf(&dir, "%s%.*s", container->path, (int)len, path) < 0) {
		check->diags.has_failed = true;
		return false;
	}
	report_closed(check, &place, root, dir);
	free(dir);
	return false;
}

static void check_mount_flags(struct check *check, const struct container *container, int root)
{
	static const struct {
		unsigned long flag;
		const char *name, *consequence;
	} flags[] = {
		{ST_NOEXEC, "noexec", "nothing in it can be executed"},
		{ST_NOSUID, "nosuid", "sudo, su and ping do not work in it"},
	};
	struct diag_place place = check_place(check_name, container, container->path_line);
	struct statvfs fs;
	size_t i;

	if (fstatvfs(root, &fs) < 0)
		return;
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (!(fs.f_flag & flags[i].flag))
			continue;
		diag_add(&check->diags, SEVERITY_WARNING, &place,
			 "root filesystem %s: it is on a file system that is mounted %s, so %s",
			 container->path, flags[i].name, flags[i].consequence);
		diag_command(
			&check->diags,
			"sudo mount -o remount,bind,%s \"$(findmnt -n -o TARGET -T %s)\"; sudo lsl restart %s",
			flags[i].name + strlen("no"), container->path, container->name);
	}
}

/*
 * Whether one of envPath's directories is the directory BIN. True also if this
 * cannot be seen.
 */
static bool is_in_env_path(const struct container *container, int root, const char *bin)
{
	struct stat wanted, st;
	char dir[PATH_MAX];
	const char *path;
	size_t len;

	if (inroot_stat(root, bin, &wanted) < 0 || !S_ISDIR(wanted.st_mode))
		return true;
	for (path = container->env_path; path; path = path[len] ? path + len + 1 : NULL) {
		len = strcspn(path, ":");
		if (len == 0 || len >= sizeof(dir))
			continue;
		memcpy(dir, path, len);
		dir[len] = '\0';
		if (inroot_stat(root, dir, &st) == 0 && st.st_dev == wanted.st_dev &&
		    st.st_ino == wanted.st_ino)
			return true;
	}
	return false;
}

static void check_env_path(struct check *check, const struct container *container, int root,
			   const char *bin)
{
	struct diag_place place = check_place(check_name, container, container->line);

	if (is_in_env_path(container, root, bin))
		return;
	diag_add(
		&check->diags, SEVERITY_WARNING, &place,
		"bins has %s, but envPath does not: its programs are commands, but programs inside do not find them",
		bin);
	diag_line(&check->diags, "envPath=%s:%s", container->env_path, bin);
}

/* Inside, mnt mounts other directories at these paths. */
static bool is_in_rootfs(const struct container *container, const char *path)
{
	struct location location;

	return location_find(container, path, &location) && location.root == container->path;
}

void check_access(struct check *check, const struct container *container)
{
	int root = check->root;
	bool is_open;
	size_t i;

	/* check_rootfs reports the reason. */
	if (root < 0)
		return;
	check_mount_flags(check, container, root);
	is_open = is_open_to_users(check, container, root, "", container->path_line);
	for (i = 0; i < container->bin_count; i++) {
		if (!is_in_rootfs(container, container->bins[i]))
			continue;
		if (is_open)
			is_open_to_users(check, container, root, container->bins[i],
					 container->bins_line);
		if (container->env_path)
			check_env_path(check, container, root, container->bins[i]);
	}
}
