/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mount points in the container, and the mounts that are attached to them. */
#include "config.h"

#include "mount/mountns_build.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/debug.h"
#include "inroot.h"
#include "files/inroot_make.h"
#include "mount/mountflags.h"
#include "mount/mounttree.h"
#include "pathnames.h"

/* The reason for a missing mount point, in a sentence. */
int say_no_mount_point(struct build *build, const char *target, int status)
{
	const char *path = build->container->path;

	if (status == -EXDEV)
		return failure_say(
			build->failure, status,
			"the mount point %s does not exist, and is on the host, where %s leads (create it there)",
			target, path);
	if (status == -EEXIST)
		return failure_say(build->failure, status,
				   "the mount point %s in %s is a symbolic link that leads nowhere",
				   target, path);
	return failure_set(build->failure, status, "cannot make the mount point %s in %s", target,
			   path);
}

/*
 * Makes missing parts of the mount point TARGET, if it is in the container's
 * own /run or /dev/shm. That is another mount than the root's, but not the
 * host's. A failure here fails again when the mount point is opened.
 */
static void make_in_own(const struct build *build, const char *target, bool is_dir)
{
	size_t i, len;
	int dir, made;

	for (i = 0; i < OWN_COUNT; i++) {
		len = strlen(container_own_paths[i]);
		if (!(build->container->own >> i & 1) ||
		    strncmp(target, container_own_paths[i], len) != 0 || target[len] != '/')
			continue;
		dir = inroot_open(build->root, container_own_paths[i], O_PATH | O_DIRECTORY);
		if (dir < 0)
			return;
		made = is_dir ? inroot_make_dir(dir, target + len)
			      : inroot_make_file(dir, target + len);
		if (made >= 0)
			close(made);
		close(dir);
	}
}

int attach_dir(struct build *build, const struct bind *bind, const struct bind_source *source)
{
	int target;
	int status = 0;

	make_in_own(build, bind->target, true);
	target = inroot_make_dir(build->root, bind->target);
	if (target < 0)
		return say_no_mount_point(build, bind->target, target);
	debug("rbind %s -> %s%s", bind->source, bind->target,
	      source->under >= 0 ? ", on what it is mounted on" : "");
	if (source->under >= 0)
		status = mounttree_attach(source->under, target);
	if (status == 0)
		status =
			mounttree_attach(source->tree, source->under >= 0 ? source->under : target);
	close(target);
	if (status < 0)
		return failure_set(build->failure, status, "cannot mount %s on %s", bind->source,
				   bind->target);
	return 0;
}

/*
 * The caller has checked that BIND's source and its mount point are of the same
 * kind. If a user has exchanged the source since, the container starts without
 * it, so that no user can keep the container from being started.
 */
static bool is_exchanged(int status, const struct bind *bind)
{
	if (status != -ENOTDIR && status != -EISDIR)
		return false;
	debug("skip %s: %s", bind->target, strerror(-status));
	return true;
}

int attach_dirs(struct build *build)
{
	struct bind bind;
	int status = 0;
	size_t i;

	for (i = 0; i < build->source_count && status == 0; i++) {
		if (!source_is_there(&build->sources[i]) || !build->sources[i].is_dir)
			continue;
		bind = bind_number(build, i);
		status = attach_dir(build, &bind, &build->sources[i]);
		if (i >= build->default_count && is_exchanged(status, &bind))
			status = 0;
	}
	return status;
}

/* Returns the path of the host's PATH after pivot_root. */
struct old_path {
	char text[sizeof(PATH_OLDROOT) + PATH_MAX];
};

static struct old_path old_path(const char *path)
{
	struct old_path old;

	snprintf(old.text, sizeof(old.text), PATH_OLDROOT "%s", path);
	return old;
}

static int mount_link(struct build *build, size_t number, const struct bind *bind, int target)
{
	struct old_path source = old_path(bind->source);
	char name[32];
	int tree, status;

	snprintf(name, sizeof(name), "%zu", number);
	if (symlinkat(source.text, build->links, name) < 0)
		return -errno;
	tree = sys_open_tree(build->links, name,
			     AT_SYMLINK_NOFOLLOW | LSL_OPEN_TREE_CLONE | O_CLOEXEC);
	if (tree < 0)
		return -errno;
	status = mounttree_attach(tree, target);
	close(tree);
	return status;
}

/* Whether PATH in the container is the host's SOURCE. */
static bool source_leads_to(int source, const char *path)
{
	struct stat host, here;

	return fstat(source, &host) == 0 && stat(path, &here) == 0 && host.st_dev == here.st_dev &&
	       host.st_ino == here.st_ino;
}

/*
 * Whether TARGET, opened as PATH in the container, is below the container's
 * /etc.
 */
static bool is_below_etc(int target, const char *path)
{
	static const char etc[] = "/etc/";
	char name[64], real[PATH_MAX];
	ssize_t len;

	if (strncmp(path, etc, strlen(etc)) == 0)
		return true;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", target);
	len = readlink(name, real, sizeof(real));
	/* If this is unknown, treating it as below /etc is safe. */
	return len < (ssize_t)strlen(etc) ? len < 0 : memcmp(real, etc, strlen(etc)) == 0;
}

/*
 * Mounts a file below /etc. If it cannot be made read-only, it is unmounted
 * again.
 */
static int bind_read_only(const struct bind *bind, int tree, int target)
{
	int status;

	debug("read-only file %s -> %s", bind->source, bind->target);
	status = mounttree_attach(tree, target);
	if (status < 0)
		return status;
	status = mountflags_add(tree, MS_RDONLY, false);
	if (status < 0 && umount2(bind->target, MNT_DETACH | UMOUNT_NOFOLLOW) < 0)
		debug("unmount %s: %s", bind->target, strerror(errno));
	return status;
}

/*
 * Mounts a link if that leads to the same file, else a bind. The link leads to
 * another file if the host's file is an absolute link with another target in
 * the container.
 */
static int mount_live(struct build *build, size_t number, const struct bind *bind, int tree,
		      int target)
{
	int status;

	debug("live file %s -> %s", bind->source, bind->target);
	status = mount_link(build, number, bind, target);
	if (status == 0 && !source_leads_to(tree, bind->target)) {
		if (umount2(bind->target, MNT_DETACH | UMOUNT_NOFOLLOW) < 0)
			debug("unmount %s: %s", bind->target, strerror(errno));
		status = -EXDEV;
	}
	if (status == 0)
		return 0;
	debug("not live: %s (%s), bound instead", bind->target, strerror(-status));
	return mounttree_attach(tree, target);
}

/* Mounts one of the container's binds that is no directory. */
int mount_file(struct build *build, size_t number, const struct bind *bind, int tree)
{
	int target, status;
	struct stat st;

	make_in_own(build, bind->target, false);
	target = inroot_make_file(build->root, bind->target);
	if (target < 0)
		return say_no_mount_point(build, bind->target, target);
	if (fstat(target, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(target);
		return failure_set(build->failure, EISDIR, "cannot mount %s on %s", bind->source,
				   bind->target);
	}
	if (is_below_etc(target, bind->target))
		status = bind_read_only(bind, tree, target);
	else
		status = mount_live(build, number, bind, tree, target);
	close(target);
	if (status < 0)
		return failure_set(build->failure, status, "cannot mount %s on %s", bind->source,
				   bind->target);
	return 0;
}

/*
 * open_tree(2) clones only mounts of our namespace, so the links' file system
 * is mounted for a moment at the place of MNTDIR, which exists, and where no
 * process looks.
 */
int mount_links_directory(struct build *build)
{
	static const char path[] = PATH_OLDROOT PATH_MNTDIR;

	if (mount("lsl", path, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0755,size=1m") < 0)
		return failure_set(build->failure, errno, "cannot mount a tmpfs");
	build->links = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return build->links < 0 ? failure_set(build->failure, errno, "cannot open a tmpfs") : 0;
}

int mount_files(struct build *build)
{
	const struct bind_source *source = build->sources + build->default_count;
	int status = 0;
	size_t i;

	for (i = 0; i < build->container->bind_count && status == 0; i++, source++)
		if (source_is_there(source) && !source->is_dir) {
			status = mount_file(build, i, &build->container->binds[i], source->tree);
			if (is_exchanged(status, &build->container->binds[i]))
				status = 0;
		}
	return status;
}
