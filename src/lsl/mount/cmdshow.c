/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mount/cmdshow.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmddir.h"
#include "base/debug.h"
#include "files/inroot_make.h"
#include "mount/mountflags.h"
#include "mount/mounttree.h"
#include "pathnames.h"
#include "syscalls_more.h"

static const struct {
	const char *name, *target;
} links[] = {
	{RUNDIR_EXECUTOR, PATH_EXECUTOR},
	{RUNDIR_HERE, HOST_NAME},
};

#define LINK_COUNT (sizeof(links) / sizeof(links[0]))

static bool is_made(int rundir, const char *name, const char *target)
{
	char text[PATH_MAX];
	ssize_t len = readlinkat(rundir, name, text, sizeof(text));

	return len == (ssize_t)strlen(target) && memcmp(text, target, (size_t)len) == 0;
}

int cmdshow_make_links(int rundir)
{
	size_t i;

	for (i = 0; i < LINK_COUNT; i++) {
		if (is_made(rundir, links[i].name, links[i].target))
			continue;
		if (unlinkat(rundir, links[i].name, 0) < 0 && errno != ENOENT)
			return -errno;
		if (symlinkat(links[i].target, rundir, links[i].name) < 0)
			return -errno;
	}
	return 0;
}

int cmdshow_remove_links(int rundir)
{
	size_t i;

	for (i = 0; i < LINK_COUNT; i++)
		if (unlinkat(rundir, links[i].name, 0) < 0 && errno != ENOENT)
			return -errno;
	return 0;
}

static int clone_path(const char *path)
{
	int tree = sys_open_tree(AT_FDCWD, path, LSL_OPEN_TREE_CLONE | O_CLOEXEC);

	debug("open_tree %s: %s", path, tree < 0 ? strerror(errno) : "done");
	return tree;
}

void cmdshow_clone(struct cmdshow *show, bool with_commands)
{
	if (show->executor < 0)
		show->executor = clone_path(PATH_EXECUTOR);
	if (with_commands && cmddir_is_mounted(PATH_LINKSDIR, NULL) > 0)
		show->commands = clone_path(PATH_LINKSDIR);
}

void cmdshow_clone_under(struct cmdshow *show)
{
	show->under = clone_path(PATH_LINKSDIR);
}

int cmdshow_attach_commands(struct cmdshow *show, int root)
{
	int target, status;

	if (show->under < 0)
		return -ENOENT;
	target = inroot_make_dir(root, PATH_LINKSDIR);
	if (target < 0)
		return target;
	debug("show %s", PATH_LINKSDIR);
	status = mounttree_attach(show->under, target);
	close(target);
	if (status == 0)
		status = mountflags_add(show->under, MS_NOSUID, false, NULL);
	if (status == 0 && show->commands >= 0)
		status = mounttree_attach(show->commands, show->under);
	return status;
}

static bool have_same_file(int a, int b)
{
	struct stat st_a, st_b;

	return fstat(a, &st_a) == 0 && fstat(b, &st_b) == 0 && st_a.st_dev == st_b.st_dev &&
	       st_a.st_ino == st_b.st_ino;
}

static int open_link(const char *path)
{
	int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int cmdshow_attach_executor(struct cmdshow *show)
{
	int target = open_link(PATH_EXECUTOR_LINK), status;

	if (target < 0 || show->executor < 0 || have_same_file(target, show->executor)) {
		if (target >= 0)
			close(target);
		return target < 0 ? target : 0;
	}
	close(target);
	while (umount2(PATH_EXECUTOR_LINK, MNT_DETACH | UMOUNT_NOFOLLOW) == 0)
		debug("an earlier lslExecutor is unmounted");
	target = open_link(PATH_EXECUTOR_LINK);
	if (target < 0)
		return target;
	debug("show %s as %s", PATH_EXECUTOR, PATH_EXECUTOR_LINK);
	status = mounttree_attach(show->executor, target);
	close(target);
	/* Nothing that is mounted here may reach the host's. */
	if (status == 0 && mount(NULL, PATH_EXECUTOR_LINK, NULL, MS_PRIVATE, NULL) < 0)
		status = -errno;
	return status;
}

static int make_file(int dir, const char *text)
{
	int fd = openat(dir, RUNDIR_HERE, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = write(fd, text, strlen(text));
	close(fd);
	return n == (ssize_t)strlen(text) ? 0 : -EIO;
}

int cmdshow_attach_here(int dir, const char *name)
{
	int tree, target, status = make_file(dir, name);

	if (status < 0)
		return status;
	tree = sys_open_tree(dir, RUNDIR_HERE, LSL_OPEN_TREE_CLONE | O_CLOEXEC);
	if (tree < 0)
		return -errno;
	target = open_link(PATH_MNTDIR "/" RUNDIR_HERE);
	status = target < 0 ? target : mounttree_attach(tree, target);
	if (target >= 0)
		close(target);
	close(tree);
	return status;
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void cmdshow_close(struct cmdshow *show)
{
	close_one(&show->executor);
	close_one(&show->commands);
	close_one(&show->under);
}
