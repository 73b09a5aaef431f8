/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For parts of unit tests that change their process: they run in a child. A
 * check that fails there is printed, and one fails here. Also functions to look
 * at files as another user for a while, and to count open file descriptors.
 */
#ifndef LSL_CHILD_H
#define LSL_CHILD_H

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tree.h"
#include "unit.h"

#define CHILD_NOBODY 65534
#define CHILD_SKIPS 77

/* Ends the child, with the reason printed. */
static inline _Noreturn void child_skip(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	exit(CHILD_SKIPS);
}

/* Runs RUN in a child. SKIPs with REASON if RUN calls child_skip. */
static inline void child_run(void (*run)(void), const char *reason)
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		unit_state()->failed_checks = 0;
		run();
		exit(unit_state()->failed_checks > 0);
	}
	if (!CHECK(pid > 0 && waitpid(pid, &status, 0) == pid))
		return;
	if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_SKIPS)
		SKIP(reason);
	else
		CHECK_INT(status, 0);
}

static inline void child_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || dprintf(fd, "%s", text) < 0 || close(fd) < 0)
		child_skip(path);
}

/* ID is root in the user namespace whose map PATH is. */
static inline void child_map_to_root(const char *path, unsigned int id)
{
	char text[32];

	snprintf(text, sizeof(text), "0 %u 1", id);
	child_write(path, text);
}

/*
 * For a child: it enters a new mount namespace and may mount and chroot; an
 * ordinary user as root of a user namespace.
 */
static inline void child_own_mounts(void)
{
	unsigned int uid = geteuid(), gid = getegid();

	if (uid == 0 ? unshare(CLONE_NEWNS) < 0 : unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		child_skip("unshare");
	if (uid != 0) {
		child_write("/proc/self/setgroups", "deny");
		child_map_to_root("/proc/self/uid_map", uid);
		child_map_to_root("/proc/self/gid_map", gid);
	}
	if (mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) < 0)
		child_skip("mount");
}

/*
 * Another root directory for this child alone, where there is only /proc, and
 * the one before.
 */
struct child_root {
	struct tree tree;
	int before;
};

/* For a child with its own mounts. The working directory is the new root. */
static inline void child_enter_root(struct child_root *root)
{
	tree_make(&root->tree);
	root->before = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	tree_require(root->before >= 0, "/");
	if (mount("tests", root->tree.path, "tmpfs", 0, "mode=0755") < 0) {
		tree_remove(&root->tree);
		child_skip("tmpfs");
	}
	tree_require(chdir(root->tree.path) == 0 && mkdir("proc", 0755) == 0 &&
			     mount("/proc", "proc", "none", MS_BIND | MS_REC, NULL) == 0,
		     "/proc");
	tree_require(chroot(".") == 0 && chdir("/") == 0, "chroot");
}

static inline void child_leave_root(struct child_root *root)
{
	tree_require(fchdir(root->before) == 0 && chroot(".") == 0, "chroot");
	tree_require(umount2(root->tree.path, MNT_DETACH) == 0, "umount");
	tree_remove(&root->tree);
	close(root->before);
}

static inline void child_look_as_self(void)
{
	setfsuid(geteuid());
	setfsgid(getegid());
}

/*
 * Until child_look_as_self, files are looked at with the file system ids of an
 * ordinary user: another one, if this is root. False, and nothing has changed,
 * if it is root of a user namespace with no other user.
 */
static inline bool child_look_as_user(void)
{
	if (geteuid() != 0)
		return true;
	setfsgid(CHILD_NOBODY);
	setfsuid(CHILD_NOBODY);
	if (setfsuid((uid_t)-1) == CHILD_NOBODY)
		return true;
	child_look_as_self();
	return false;
}

/* Whether this is root, and there are others. */
static inline bool child_has_nobody(void)
{
	bool has = geteuid() == 0 && child_look_as_user();

	child_look_as_self();
	return has;
}

/* How many file descriptors are open, of the lowest ones, which tests use. */
static inline int child_open_fds(void)
{
	int count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

#endif
