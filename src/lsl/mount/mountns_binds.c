/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The binds: their sources, as detached clones, and their mount points. */
#include "config.h"

#include "mount/mountns_build.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/debug.h"
#include "files/hostpath.h"
#include "inroot.h"
#include "files/inroot_make.h"
#include "mount/mountflags.h"
#include "mount/mounttree.h"
#include "pathnames.h"
#include "mount/undermount.h"

void add_to_build(struct build *build, const struct bind *bind, const char *own)
{
	build->mounts[build->count++] =
		(struct bind_mount){.bind = *bind, .own = own, .tree = -1, .under = -1};
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

/*
 * Does STEP for the mounts from number FIRST on, and before END. When binds are
 * added, a failure concerns only its bind.
 */
static int do_each(struct build *build, size_t first, size_t end,
		   int (*step)(struct build *build, struct bind_mount *mount))
{
	struct failure *failure = build->failure;
	int status = 0;
	size_t i;

	for (i = first; i < end && status == 0; i++) {
		if (build->results)
			build->failure = &build->results[i].failure;
		status = step(build, &build->mounts[i]);
		if (build->results && status < 0)
			build->results[i].status = status;
		if (build->results ||
		    (i >= build->default_count && is_exchanged(status, &build->mounts[i].bind)))
			status = 0;
	}
	build->failure = failure;
	return status;
}

/*
 * Sources.
 */

/*
 * Clones MOUNT's source. A missing source is left out, and so is one to which a
 * link of a user leads since the caller looked (hostpath.h).
 */
static int clone_source(struct build *build, struct bind_mount *mount)
{
	const char *path = mount->bind.source;
	struct hostpath place;
	int fd = hostpath_open(path, &place);
	struct stat st;
	int status = 0;

	debug("open_tree %s", path);
	if (fd == -ENOENT || fd == -ENOTDIR || fd == -ELOOP) {
		debug("skip %s: %s", path, strerror(-fd));
		return 0;
	}
	if (fd < 0) {
		status = fd;
	} else if (fstat(fd, &st) < 0) {
		status = -errno;
	} else {
		mount->is_dir = S_ISDIR(st.st_mode);
		mount->tree = mounttree_clone(fd, mount->is_dir);
		status = mount->tree < 0 ? mount->tree : 0;
		if (status == 0 && mount->is_dir)
			mount->under = undermount_clone(fd, place.place, PATH_MNTDIR);
	}
	if (fd >= 0)
		close(fd);
	return status < 0 ? failure_set(build->failure, status, "cannot open %s", path) : 0;
}

/*
 * A separate file system for the container. open_tree(2) clones only mounts of
 * our namespace, so it is mounted for a moment at the place of MNTDIR, where no
 * process looks.
 */
static int make_tmpfs(struct build *build, struct bind_mount *own)
{
	const char *path = own->bind.target;

	debug("separate tmpfs for %s", path);
	if (mount("tmpfs", PATH_MNTDIR, "tmpfs", MS_NOSUID | MS_NODEV, own->own) < 0)
		return failure_set(build->failure, errno, "cannot mount a tmpfs for %s", path);
	own->is_dir = true;
	own->tree = sys_open_tree(AT_FDCWD, PATH_MNTDIR, LSL_OPEN_TREE_CLONE | O_CLOEXEC);
	if (own->tree < 0)
		return failure_set(build->failure, errno, "cannot clone a tmpfs");
	if (umount2(PATH_MNTDIR, MNT_DETACH | UMOUNT_NOFOLLOW) < 0)
		return failure_set(build->failure, errno, "cannot unmount a tmpfs");
	return 0;
}

static int clone_mount(struct build *build, struct bind_mount *mount)
{
	return mount->own ? make_tmpfs(build, mount) : clone_source(build, mount);
}

/* The flags are set between the clones. */
int clone_binds(struct build *build)
{
	int status = 0;
	size_t i;

	build->mounts = calloc(DEFAULTS_MAX + build->bind_count, sizeof(*build->mounts));
	if (!build->mounts)
		return failure_set(build->failure, ENOMEM, "cannot bind");
	if (!build->results)
		choose_defaults(build);
	build->default_count = build->count;
	for (i = 0; i < build->bind_count; i++)
		add_to_build(build, &build->binds[i], NULL);
	if (allows_suid(build))
		status = do_each(build, build->default_count, build->count, clone_mount);
	if (status == 0)
		status = restrict_host(build->failure);
	if (status == 0)
		status = do_each(build, 0, build->default_count, clone_mount);
	if (status == 0 && !allows_suid(build))
		status = do_each(build, build->default_count, build->count, clone_mount);
	return status;
}

/*
 * Mount points.
 */

int say_no_mount_point(struct build *build, const char *target, int status)
{
	const char *path = build->container->path;

	if (status == -EXDEV)
		return failure_say(
			build->failure, status,
			"the mount point %s does not exist, and is on the host, where %s leads (create it there)",
			target, path);
	if (status == -EEXIST || status == -ELOOP)
		return failure_say(
			build->failure, status,
			"the mount point %s in %s is a symbolic link that leads nowhere (remove the link)",
			target, path);
	return failure_set(build->failure, status, "cannot make the mount point %s in %s", target,
			   path);
}

/* As in most containers; a mount point is often spelled with it. */
static bool has_link_to_run(int root)
{
	struct stat link, run;

	return inroot_stat(root, "/var/run", &link) == 0 && inroot_stat(root, "/run", &run) == 0 &&
	       link.st_dev == run.st_dev && link.st_ino == run.st_ino;
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

	if (strncmp(target, "/var/run/", strlen("/var/run/")) == 0 && has_link_to_run(build->root))
		target += strlen("/var");
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

static int attach_dir(struct build *build, struct bind_mount *mount)
{
	const struct bind *bind = &mount->bind;
	int target, status = 0;

	if (mount->tree < 0 || !mount->is_dir)
		return 0;
	make_in_own(build, bind->target, true);
	target = inroot_make_dir(build->root, bind->target);
	if (target < 0)
		return say_no_mount_point(build, bind->target, target);
	debug("rbind %s -> %s%s", bind->source, bind->target,
	      mount->under >= 0 ? ", on what it is mounted on" : "");
	if (mount->under >= 0)
		status = mounttree_attach(mount->under, target);
	if (status == 0)
		status = mounttree_attach(mount->tree, mount->under >= 0 ? mount->under : target);
	close(target);
	if (status < 0)
		return failure_set(build->failure, status, "cannot mount %s on %s", bind->source,
				   bind->target);
	return 0;
}

int attach_dirs(struct build *build)
{
	return do_each(build, 0, build->count, attach_dir);
}

static int mount_link(const struct build *build, const struct bind_mount *mount, int target)
{
	char source[sizeof(PATH_OLDROOT) + PATH_MAX], name[32];
	int tree, status;

	snprintf(name, sizeof(name), "%td", mount - build->mounts);
	snprintf(source, sizeof(source), PATH_OLDROOT "%s", mount->bind.source);
	if (symlinkat(source, build->links, name) < 0)
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
static int bind_read_only(const struct bind_mount *mount, int target)
{
	const struct bind *bind = &mount->bind;
	int status;

	debug("read-only file %s -> %s", bind->source, bind->target);
	status = mounttree_attach(mount->tree, target);
	if (status < 0)
		return status;
	status = mountflags_add(mount->tree, MS_RDONLY, false, NULL);
	if (status < 0 && umount2(bind->target, MNT_DETACH | UMOUNT_NOFOLLOW) < 0)
		debug("unmount %s: %s", bind->target, strerror(errno));
	return status;
}

/*
 * Mounts a link if that leads to the same file, else a bind. The link leads to
 * another file if the host's file is an absolute link with another target in
 * the container.
 */
static int mount_live(const struct build *build, const struct bind_mount *mount, int target)
{
	const struct bind *bind = &mount->bind;
	int status;

	debug("live file %s -> %s", bind->source, bind->target);
	status = mount_link(build, mount, target);
	if (status == 0 && !source_leads_to(mount->tree, bind->target)) {
		if (umount2(bind->target, MNT_DETACH | UMOUNT_NOFOLLOW) < 0)
			debug("unmount %s: %s", bind->target, strerror(errno));
		status = -EXDEV;
	}
	if (status == 0)
		return 0;
	debug("not live: %s (%s), bound instead", bind->target, strerror(-status));
	return mounttree_attach(mount->tree, target);
}

static int mount_file(struct build *build, struct bind_mount *mount)
{
	const struct bind *bind = &mount->bind;
	int target, status;
	struct stat st;

	if (mount->tree < 0 || mount->is_dir)
		return 0;
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
		status = bind_read_only(mount, target);
	else
		status = mount_live(build, mount, target);
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
static int mount_links_directory(struct build *build)
{
	static const char path[] = PATH_OLDROOT PATH_MNTDIR;

	if (mount("lsl", path, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0755,size=1m") < 0)
		return failure_set(build->failure, errno, "cannot mount a tmpfs");
	build->links = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return build->links < 0 ? failure_set(build->failure, errno, "cannot open a tmpfs") : 0;
}

int mount_files(struct build *build)
{
	bool has_files = false;
	int status = 0;
	size_t i;

	for (i = 0; i < build->count; i++)
		has_files |= build->mounts[i].tree >= 0 && !build->mounts[i].is_dir;
	/* A container that is built gets a file with its name there, too. */
	if (has_files || (!build->results && shows_commands(build)))
		status = mount_links_directory(build);
	return status < 0 ? status : do_each(build, 0, build->count, mount_file);
}
