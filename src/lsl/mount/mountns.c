/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a container's mount namespace is built. The process is alone in a fresh
 * copy of the host's namespace, see mount_namespaces(7).
 *
 * First every mount becomes a slave: later mounts of the host arrive here, and
 * no change here reaches the host.
 *
 * The tree of the rootfs is cloned next. All other mounts are the host's, and
 * become nosuid. Setuid programs of the host would take their loader, their
 * libraries and their configuration from the rootfs, so a user with write
 * access to one of those would be root. Every later clone has the flag. If the
 * configuration allows setuid programs in mnt, its sources are cloned before.
 *
 * Then lsl hides itself. It detaches the command directory and MNTDIR from this
 * copy, and mounts a private bind of the empty directory over LINKSDIR. Every
 * later recursive bind copies that cover, too, and the kernel puts a command
 * directory that the host mounts later beneath it. So no path through the
 * host's directories leads into the command directory. The container has it in
 * one place, LINKSDIR (cmdshow.h). There the daemon refuses its own requests,
 * so that it never waits for itself. With host=no, MNTDIR is covered as well.
 *
 * Next the sources of binds are cloned, while the tree has only the host's
 * mounts. Otherwise the clone of a /home that contains the rootfs would also
 * have the new mounts of the rootfs.
 *
 * A source that is a mount point is put on a clone of the directory that it is
 * mounted on (undermount.h): then it disappears when the host unmounts it. No
 * descriptor of these clones stays open, because the host's unmount would then
 * be refused. A source does not disappear if another element of mnt is mounted
 * below it, nor does the rootfs itself, because pivot_root(2) moves only the
 * mount on top.
 *
 * The new root is the rootfs directory bound on itself, with all mounts below
 * it. From here on lsl uses it by a file descriptor, and resolves paths below
 * it (inroot.h), because its symbolic links are not the host's: by a path,
 * rootfs/mnt -> /etc would lead to the host's /etc. Mount points are opened,
 * created if missing, and used by their descriptors, so a later rename has no
 * effect.
 *
 * The directories that every container gets, and those of the configuration,
 * are bound recursively. devpts is among them, because a new instance would
 * hide the caller's terminal.
 *
 * pivot_root(2) makes it the root, also in namespaces that programs make.
 * chroot(2) is not enough, because the kernel refuses user namespaces to
 * chrooted programs, and setns(2) would lead back to the host's root.
 *
 * Files come last. Below /etc of the container a file is bound, and read-only:
 * package managers write, replace and remove files there, dpkg(1) even through
 * symbolic links, and must not change a file of the host. Their changes fail
 * with EBUSY or EROFS. Elsewhere a file is the same file on both sides. A bind
 * sticks to the inode, but the host's tools replace files by rename(2). So a
 * symbolic link to /oldRoot/srv/file is mounted there: the link itself, cloned
 * off a private tmpfs, is the root of the mount. A program that opens the file
 * follows the link to the host's current file.
 *
 * All sources are opened while the host's root is the root, so that absolute
 * links of the host lead to the same files as on the host.
 *
 * Mounts are added to a namespace in use by the same steps: the sources are
 * cloned in a fresh copy of the host's namespace, where every mount is a slave
 * and lsl is hidden, and the descriptors are taken into the container's
 * namespace.
 */
#include "config.h"

#include "mount/mountns.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/debug.h"
#include "files/inroot_make.h"
#include "mount/mountns_build.h"
#include "mount/mounttree.h"
#include "nsfile.h"
#include "pathnames.h"
#include "files/unlisted.h"

static int detach_all(const char *path)
{
	while (umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) == 0)
		debug("detach %s", path);
	return errno == EINVAL || errno == ENOENT ? 0 : -errno;
}

/* The mounts of every container begin there. */
static int close_empty_directory(void)
{
	int fd = open(PATH_LINKSDIR, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int status = fd < 0 ? -errno : unlisted_make(fd);

	if (fd >= 0)
		close(fd);
	return status;
}

/* Shows the empty directory of LINKSDIR at PATH. */
static int cover(const char *path)
{
	debug("cover %s", path);
	if (mount(PATH_LINKSDIR, path, NULL, MS_BIND, NULL) < 0 ||
	    mount(NULL, path, NULL, MS_PRIVATE, NULL) < 0)
		return -errno;
	return 0;
}

static int hide_own_mounts(struct build *build)
{
	int status;

	if (shows_commands(build))
		cmdshow_clone(&build->show, true);
	status = detach_all(PATH_LINKSDIR);

	if (status == 0)
		status = detach_all(PATH_MNTDIR);
	if (status < 0)
		return failure_set(build->failure, status, "cannot detach the command directory");
	if (shows_commands(build))
		cmdshow_clone_under(&build->show);
	status = close_empty_directory();
	if (status == 0)
		status = cover(PATH_LINKSDIR);
	/*
	 * With the records, an lslExecutor of the container's own would enter
	 * the host.
	 */
	if (status == 0 && !shows_commands(build))
		status = cover(PATH_MNTDIR);
	return status < 0 ? failure_set(build->failure, status, "cannot hide the command directory")
			  : 0;
}

static int clone_root(struct build *build)
{
	const char *path = build->container->path;

	build->root_dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (build->root_dir < 0)
		return failure_set(build->failure, errno, "cannot open %s", path);
	debug("open_tree %s", path);
	build->root = mounttree_clone(build->root_dir, true);
	if (build->root < 0)
		return failure_set(build->failure, build->root, "cannot clone %s", path);
	return 0;
}

static int bind_root(struct build *build)
{
	const char *path = build->container->path;
	int status;

	debug("bind %s -> %s", path, path);
	status = mounttree_attach(build->root, build->root_dir);
	return status < 0 ? failure_set(build->failure, status, "cannot bind %s", path) : 0;
}

static int pivot(struct build *build)
{
	int old = inroot_make_dir(build->root, PATH_OLDROOT);
	char old_fd[64];
	int status = 0;

	if (old < 0)
		return say_no_mount_point(build, PATH_OLDROOT, old);
	debug("pivot_root %s, old root at %s", build->container->path, PATH_OLDROOT);
	/*
	 * Uses the fd, because a path would be resolved in the host's root, and
	 * /oldRoot may be a link.
	 */
	snprintf(old_fd, sizeof(old_fd), "/proc/self/fd/%d", old);
	if (fchdir(build->root) < 0 || sys_pivot_root(".", old_fd) < 0)
		status = failure_set(build->failure, errno,
				     "cannot make %s the root (is the host's root an initramfs?)",
				     build->container->path);
	close(old);
	if (status == 0 && chdir("/") < 0)
		status = failure_set(build->failure, errno, "cannot enter the new root");
	return status;
}

/* If that fails, commands report the missing directory later. */
static void show_commands(struct build *build)
{
	int status = cmdshow_attach_commands(&build->show, build->root);

	if (status < 0)
		debug("%s is not visible: %s", PATH_LINKSDIR, strerror(-status));
}

static void show_executor(struct build *build)
{
	int status = cmdshow_attach_executor(&build->show);

	if (status == 0 && build->links >= 0)
		status = cmdshow_attach_here(build->links, build->container->name);
	if (status < 0)
		debug("%s is not visible: %s", PATH_EXECUTOR_LINK, strerror(-status));
}

static int leave_host(struct build *build)
{
	int status;

	debug("make everything a slave of the host");
	if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
		return failure_set(build->failure, errno, "cannot change the mounts' propagation");
	status = hide_own_mounts(build);
	return status < 0 ? status : cover_nscd(build->failure);
}

static int build_all(struct build *build)
{
	int status = leave_host(build);

	if (status == 0)
		status = clone_root(build);
	if (status == 0)
		status = clone_binds(build);
	if (status == 0)
		status = bind_root(build);
	if (status == 0)
		status = attach_dirs(build);
	if (status == 0 && shows_commands(build))
		show_commands(build);
	if (status == 0)
		status = pivot(build);
	if (status == 0)
		status = mount_files(build);
	if (status == 0 && shows_commands(build))
		show_executor(build);
	if (status == 0 && detach_all(PATH_OLDROOT PATH_MNTDIR) < 0)
		status = failure_set(build->failure, errno, "cannot unmount a tmpfs");
	return status;
}

static void close_build(struct build *build)
{
	size_t i;

	for (i = 0; i < build->count; i++) {
		if (build->mounts[i].tree >= 0)
			close(build->mounts[i].tree);
		if (build->mounts[i].under >= 0)
			close(build->mounts[i].under);
	}
	free(build->mounts);
	cmdshow_close(&build->show);
	if (build->links >= 0)
		close(build->links);
	if (build->root >= 0)
		close(build->root);
	if (build->root_dir >= 0)
		close(build->root_dir);
}

int mountns_build(const struct container *container, struct failure *failure)
{
	struct build build = {
		.container = container,
		.binds = container->binds,
		.bind_count = container->bind_count,
		.failure = failure,
		.root = -1,
		.root_dir = -1,
		.links = -1,
		.show = CMDSHOW_NONE,
	};
	int status = build_all(&build);

	close_build(&build);
	return status;
}

static int enter_to_add(struct build *build, int nsfd)
{
	int status;

	debug("enter the namespace of %s", build->container->name);
	status = nsfile_enter(nsfd);
	if (status < 0)
		return failure_set(build->failure, status, "cannot enter its mount namespace");
	build->root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return build->root < 0 ? failure_set(build->failure, errno, "cannot open its root") : 0;
}

/* The host's tree is missing in the namespace, so the clones come before. */
static int update_all(struct build *build, int nsfd)
{
	int status = 0;

	if (shows_commands(build))
		cmdshow_clone(&build->show, false);
	if (build->bind_count)
		status = leave_host(build);
	if (status == 0 && build->bind_count)
		status = clone_binds(build);
	if (status == 0)
		status = enter_to_add(build, nsfd);
	/* The host's current state. */
	if (status == 0 && shows_commands(build))
		(void)cmdshow_attach_executor(&build->show);
	if (status == 0)
		status = attach_dirs(build);
	if (status == 0)
		status = mount_files(build);
	if (status == 0)
		status = restrict_again(build);
	if (build->links >= 0 && detach_all(PATH_OLDROOT PATH_MNTDIR) < 0)
		debug("cannot unmount a tmpfs: %s", strerror(errno));
	return status;
}

int mountns_update(const struct container *started, int nsfd, const struct bind *binds,
		   size_t bind_count, struct bind_result *results, struct failure *failure)
{
	struct build build = {
		.container = started,
		.binds = binds,
		.bind_count = bind_count,
		.results = results,
		.failure = failure,
		.root = -1,
		.root_dir = -1,
		.links = -1,
		.show = CMDSHOW_NONE,
	};
	int status = update_all(&build, nsfd);

	close_build(&build);
	return status;
}
