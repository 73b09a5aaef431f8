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
 * The new root is the rootfs directory bound on itself, with what is mounted
 * below it. From here on lsl uses it by a file descriptor, and resolves paths
 * below it (inroot.h), because its symbolic links are not the host's: by a
 * path, rootfs/mnt -> /etc would lead to the host's /etc. Mount points are
 * opened, created if missing, and used by their descriptors, so a later rename
 * has no effect.
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

#include "mountns.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmdshow.h"
#include "hostpath.h"
#include "inroot.h"
#include "inroot_make.h"
#include "mountflags.h"
#include "nsfile.h"
#include "pathnames.h"
#include "syscalls.h"
#include "debug.h"
#include "undermount.h"

/* The directories that every container gets, with all mounts below. */
static const char *const default_binds[] = {"/dev", "/proc", "/sys", "/run"};

#define DEFAULT_COUNT (sizeof(default_binds) / sizeof(default_binds[0]))

/* These depend on whether /run and /dev/shm are the container's own. */
#define DEFAULTS_MAX (DEFAULT_COUNT + 4)

/* The directory with the sockets of people's sessions. */
#define PATH_RUN_USER "/run/user"

/* A directory that every container gets. */
struct default_mount {
	const char *path;
	/* options of a separate tmpfs; NULL: the host's directory */
	const char *own;
};

/* A detached clone of a bind's source. */
struct source {
	int tree; /* or -1: the source is missing */
	/* the mount point's directory, if the source is a mount point; or -1 */
	int under;
	bool is_dir;
};

struct build {
	const struct container *container;
	struct failure *failure;
	int root; /* the container's root */
	int root_dir; /* the directory of the host that it will be mounted on */
	int links; /* the tmpfs that links for live files are made in */
	/* in the order in which they are mounted */
	struct default_mount defaults[DEFAULTS_MAX];
	/* 0 if mounts are added to a namespace that is in use */
	size_t default_count;
	/* the directory in /run that resolv.conf is in; empty: none */
	char resolver[PATH_MAX];
	struct cmdshow show;
	struct source *sources; /* the default binds', then the container's */
	size_t source_count;
};

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

static int detach_all(const char *path)
{
	while (umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) == 0)
		debug("detach %s", path);
	return errno == EINVAL || errno == ENOENT ? 0 : -errno;
}

static bool shows_commands(const struct build *build)
{
	return !build->container->has_no_commands;
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

/* Returns a detached copy of FD's mount, from FD on. */
static int clone_tree(int fd, bool recursive)
{
	int tree = sys_open_tree(fd, "",
				 AT_EMPTY_PATH | LSL_OPEN_TREE_CLONE | O_CLOEXEC |
					 (recursive ? LSL_AT_RECURSIVE : 0));

	return tree < 0 ? -errno : tree;
}

static int attach_tree(int tree, int target)
{
	if (sys_move_mount(tree, "", target, "",
			   LSL_MOVE_MOUNT_F_EMPTY_PATH | LSL_MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return -errno;
	return 0;
}

static int clone_root(struct build *build)
{
	const char *path = build->container->path;

	build->root_dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (build->root_dir < 0)
		return failure_set(build->failure, errno, "cannot open %s", path);
	debug("open_tree %s", path);
	build->root = clone_tree(build->root_dir, true);
	if (build->root < 0)
		return failure_set(build->failure, build->root, "cannot clone %s", path);
	return 0;
}

static int bind_root(struct build *build)
{
	const char *path = build->container->path;
	int status;

	debug("bind %s -> %s", path, path);
	status = attach_tree(build->root, build->root_dir);
	return status < 0 ? failure_set(build->failure, status, "cannot bind %s", path) : 0;
}

/* Whether mnt keeps its setuid programs. */
static bool allows_suid(const struct build *build)
{
	return build->container->allowed & ALLOW_SUID_MNT;
}

static bool is_below(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return strncmp(path, dir, len) == 0 && path[len] == '/';
}

/*
 * Adds FLAGS to the mount at PATH, if there is one. lslExecutor's mount keeps
 * its own flags, because it has to be setuid.
 */
static int add_flags(const char *path, unsigned long flags, bool is_recursive,
		     struct failure *failure)
{
	int fd = hostpath_open(path, NULL);
	int status = fd;

	if (fd >= 0) {
		if (is_recursive && is_below(PATH_EXECUTOR_LINK, path))
			status = mountflags_add_except(fd, flags, PATH_EXECUTOR_LINK);
		else
			status = mountflags_add(fd, flags, is_recursive);
		close(fd);
	}
	debug("%s: add%s%s: %s", path, flags & MS_NOSUID ? " nosuid" : "",
	      flags & MS_RDONLY ? " ro" : "", status < 0 ? strerror(-status) : "done");
	if (status == 0 || status == -EINVAL || status == -ENOENT || status == -ENOTDIR ||
	    status == -ELOOP)
		return 0;
	return failure_set(failure, status, "cannot restrict %s", path);
}

/*
 * libselinux ignores a read-only selinuxfs; with a writable one package
 * managers would label files.
 */
static int protect_selinux(struct failure *failure)
{
	return add_flags(PATH_SELINUX, MS_RDONLY, false, failure);
}

/* All mounts in this copy of the host's namespace. */
static int restrict_host(struct failure *failure)
{
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int status = root < 0 ? -errno : mountflags_add(root, MS_NOSUID, true);

	if (root >= 0)
		close(root);
	if (status < 0)
		return failure_set(failure, status, "cannot make the host's mounts nosuid");
	return protect_selinux(failure);
}

/* Number I of all binds; the binds that every container gets come first. */
static struct bind bind_number(const struct build *build, size_t i)
{
	struct bind bind = {.source = NULL};

	if (i >= build->default_count)
		return build->container->binds[i - build->default_count];
	/* so many are filled in. */
	/* NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign) */
	bind.source = bind.target = (char *)(uintptr_t)build->defaults[i].path;
	return bind;
}

/*
 * A missing source is left out, and so is one to which a link of a user leads
 * since the caller looked (hostpath.h).
 */
static int clone_source(struct build *build, const struct bind *bind, struct source *source)
{
	struct hostpath place;
	int fd = hostpath_open(bind->source, &place);
	struct stat st;
	int status = 0;

	source->tree = -1;
	debug("open_tree %s", bind->source);
	if (fd == -ENOENT || fd == -ENOTDIR || fd == -ELOOP) {
		debug("skip %s: %s", bind->source, strerror(-fd));
		return 0;
	}
	if (fd < 0) {
		status = fd;
	} else if (fstat(fd, &st) < 0) {
		status = -errno;
	} else {
		source->is_dir = S_ISDIR(st.st_mode);
		source->tree = clone_tree(fd, source->is_dir);
		status = source->tree < 0 ? source->tree : 0;
		if (status == 0 && source->is_dir)
			source->under = undermount_clone(fd, place.place, PATH_MNTDIR);
	}
	if (fd >= 0)
		close(fd);
	if (status < 0)
		return failure_set(build->failure, status, "cannot open %s", bind->source);
	return 0;
}

/*
 * A separate file system for the container. open_tree(2) clones only mounts of
 * our namespace, so it is mounted for a moment at the place of MNTDIR, where no
 * process looks.
 */
static int make_own(struct build *build, const struct default_mount *own, struct source *source)
{
	debug("tmpfs of its own for %s", own->path);
	if (mount("tmpfs", PATH_MNTDIR, "tmpfs", MS_NOSUID | MS_NODEV, own->own) < 0)
		return failure_set(build->failure, errno, "cannot mount a tmpfs for %s", own->path);
	source->is_dir = true;
	source->tree = sys_open_tree(AT_FDCWD, PATH_MNTDIR, LSL_OPEN_TREE_CLONE | O_CLOEXEC);
	if (source->tree < 0)
		return failure_set(build->failure, errno, "cannot clone a tmpfs");
	if (umount2(PATH_MNTDIR, MNT_DETACH | UMOUNT_NOFOLLOW) < 0)
		return failure_set(build->failure, errno, "cannot unmount a tmpfs");
	return 0;
}

/*
 * Replaces PATH by the target of the symbolic link PATH. False: there is no
 * readable link.
 */
static bool follow_link(int root, char path[PATH_MAX])
{
	int fd = inroot_open(root, path, O_PATH | O_NOFOLLOW);
	char target[PATH_MAX];
	ssize_t len = fd < 0 ? -1 : readlinkat(fd, "", target, sizeof(target) - 1);
	size_t keep;

	if (fd >= 0)
		close(fd);
	if (len <= 0)
		return false;
	target[len] = '\0';
	keep = target[0] == '/' ? 0 : (size_t)(strrchr(path, '/') + 1 - path);
	if (keep + (size_t)len >= PATH_MAX)
		return false;
	strcpy(path + keep, target);
	return true;
}

/* PATH without "." and "..", as if no directory in it were a link. */
static void normalize(char *path)
{
	char *to = path, *from = path;
	size_t len;

	while (*from) {
		from += strspn(from, "/");
		len = strcspn(from, "/");
		if (len == 2 && memcmp(from, "..", 2) == 0) {
			while (to > path && *--to != '/')
				;
		} else if (len && !(len == 1 && *from == '.')) {
			*to++ = '/';
			memmove(to, from, len);
			to += len;
		}
		from += len;
	}
	*to = '\0';
}

/*
 * Sets build->resolver to the directory below /run to which the container's
 * /etc/resolv.conf leads: systemd-resolved, resolvconf and NetworkManager have
 * their files there.
 */
static void find_resolver(struct build *build)
{
	static const char run[] = "/run/", old_run[] = "/var/run/";
	char path[PATH_MAX] = "/etc/resolv.conf";
	size_t skip;
	int links = 0;

	while (strncmp(path, run, strlen(run)) != 0) {
		if (links++ == 8 || !follow_link(build->root, path))
			return;
		normalize(path);
		skip = strncmp(path, old_run, strlen(old_run)) == 0 ? strlen("/var") : 0;
		memmove(path, path + skip, strlen(path + skip) + 1);
	}
	*strrchr(path, '/') = '\0';
	if (strchr(path + 1, '/'))
		strcpy(build->resolver, path);
}

static void add_default(struct build *build, const char *path, const char *own)
{
	build->defaults[build->default_count++] = (struct default_mount){path, own};
}

/*
 * The container's own /run gets people's sessions, name resolution, and lsl's
 * directory.
 */
static void choose_defaults(struct build *build)
{
	unsigned int own = build->container->own;
	size_t i;

	for (i = 0; i < DEFAULT_COUNT; i++)
		if (!(own & OWN_RUN) || strcmp(default_binds[i], "/run") != 0)
			add_default(build, default_binds[i], NULL);
	if (own & OWN_SHM)
		add_default(build, "/dev/shm", "mode=1777,size=50%");
	if (own & OWN_RUN) {
		add_default(build, "/run", "mode=0755,size=20%");
		add_default(build, PATH_RUN_USER, NULL);
	}
	if (shows_commands(build))
		add_default(build, PATH_MNTDIR, NULL);
	if (own & OWN_RUN)
		find_resolver(build);
	if (*build->resolver)
		add_default(build, build->resolver, NULL);
}

static int allocate_sources(struct build *build)
{
	size_t i, count = build->default_count + build->container->bind_count;

	build->sources = calloc(count + 1, sizeof(*build->sources));
	if (!build->sources)
		return failure_set(build->failure, ENOMEM, "cannot bind");
	build->source_count = count;
	for (i = 0; i < count; i++)
		build->sources[i].tree = build->sources[i].under = -1;
	return 0;
}

/* Clones the sources from number FIRST on, and before END. */
static int clone_sources(struct build *build, size_t first, size_t end)
{
	int status = 0;
	struct bind bind;
	size_t i;

	for (i = first; i < end && status == 0; i++) {
		bind = bind_number(build, i);
		if (i < build->default_count && build->defaults[i].own)
			status = make_own(build, &build->defaults[i], &build->sources[i]);
		else
			status = clone_source(build, &bind, &build->sources[i]);
	}
	return status;
}

/* Clones all sources and sets their flags. */
static int clone_host(struct build *build)
{
	size_t own; /* the container's begin here */
	int status;

	choose_defaults(build);
	own = build->default_count;
	status = allocate_sources(build);
	if (status == 0 && allows_suid(build))
		status = clone_sources(build, own, build->source_count);
	if (status == 0)
		status = restrict_host(build->failure);
	if (status == 0)
		status = clone_sources(build, 0, own);
	if (status == 0 && !allows_suid(build))
		status = clone_sources(build, own, build->source_count);
	return status;
}

static bool source_is_there(const struct source *source)
{
	return source->tree >= 0;
}

/* The reason for a missing mount point, in a sentence. */
static int say_no_mount_point(struct build *build, const char *target, int status)
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

static int attach_dir(struct build *build, const struct bind *bind, const struct source *source)
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
		status = attach_tree(source->under, target);
	if (status == 0)
		status = attach_tree(source->tree, source->under >= 0 ? source->under : target);
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

static int attach_dirs(struct build *build)
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
	status = attach_tree(tree, target);
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
	status = attach_tree(tree, target);
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
	return attach_tree(tree, target);
}

/* Mounts one of the container's binds that is no directory. */
static int mount_file(struct build *build, size_t number, const struct bind *bind, int tree)
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
static int mount_links_directory(struct build *build)
{
	static const char path[] = PATH_OLDROOT PATH_MNTDIR;

	if (mount("lsl", path, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0755,size=1m") < 0)
		return failure_set(build->failure, errno, "cannot mount a tmpfs");
	build->links = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return build->links < 0 ? failure_set(build->failure, errno, "cannot open a tmpfs") : 0;
}

static int mount_files(struct build *build)
{
	const struct source *source = build->sources + build->default_count;
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

/*
 * nscd(8) of the host answers for the host's accounts, and every C library asks
 * it by a socket in /run. The container has other accounts, so an empty
 * directory is mounted over the socket's directory, if that exists.
 */
static int cover_nscd(struct failure *failure)
{
	struct stat run, nscd;

	if (stat("/run", &run) < 0 || stat(PATH_NSCD, &nscd) < 0 || run.st_dev != nscd.st_dev)
		return 0;
	debug("cover %s", PATH_NSCD);
	if (mount("lsl", PATH_NSCD, "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
		  "mode=0755,size=4k") < 0)
		return failure_set(failure, errno, "cannot cover %s", PATH_NSCD);
	return 0;
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
		status = clone_host(build);
	if (status == 0)
		status = bind_root(build);
	if (status == 0)
		status = attach_dirs(build);
	if (status == 0 && shows_commands(build))
		show_commands(build);
	if (status == 0)
		status = pivot(build);
	if (status == 0 && (build->container->bind_count || shows_commands(build)))
		status = mount_links_directory(build);
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

	for (i = 0; i < build->source_count; i++) {
		if (source_is_there(&build->sources[i]))
			close(build->sources[i].tree);
		if (build->sources[i].under >= 0)
			close(build->sources[i].under);
	}
	free(build->sources);
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

static bool has_files(const struct build *build)
{
	size_t i;

	for (i = 0; i < build->source_count; i++)
		if (source_is_there(&build->sources[i]) && !build->sources[i].is_dir)
			return true;
	return false;
}

/*
 * Clones all sources, in a copy of the host's namespace. A failure concerns
 * only its bind.
 */
static void clone_to_add(struct build *build, int *statuses, struct failure *failures)
{
	size_t i;

	for (i = 0; i < build->source_count; i++) {
		build->failure = &failures[i];
		statuses[i] = clone_source(build, &build->container->binds[i], &build->sources[i]);
	}
}

/* Directories first, as they are when a namespace is built. */
static void attach_to_add(struct build *build, int *statuses, struct failure *failures)
{
	const struct bind *binds = build->container->binds;
	const struct source *sources = build->sources;
	size_t i;

	for (i = 0; i < build->source_count; i++) {
		build->failure = &failures[i];
		if (source_is_there(&sources[i]) && sources[i].is_dir)
			statuses[i] = attach_dir(build, &binds[i], &sources[i]);
	}
	for (i = 0; i < build->source_count; i++) {
		build->failure = &failures[i];
		if (source_is_there(&sources[i]) && !sources[i].is_dir)
			statuses[i] = mount_file(build, i, &binds[i], sources[i].tree);
	}
}

static int restrict_mnt(const struct build *build, const struct container *started)
{
	int status = 0;
	size_t i;

	for (i = 0; i < started->bind_count && status == 0; i++)
		status = add_flags(started->binds[i].target, MS_NOSUID, true, build->failure);
	return status;
}

/*
 * Mounts that the host has made since the namespace was built lack the flags.
 */
static int restrict_again(const struct build *build, const struct container *started)
{
	int status = add_flags(PATH_OLDROOT, MS_NOSUID, true, build->failure);
	size_t i;

	for (i = 0; i < DEFAULT_COUNT && status == 0; i++)
		status = add_flags(default_binds[i], MS_NOSUID, true, build->failure);
	if (status == 0 && !allows_suid(build))
		status = restrict_mnt(build, started);
	if (status == 0)
		status = protect_selinux(build->failure);
	/* A container's own /run can only have the container's nscd. */
	if (status == 0 && !(build->container->own & OWN_RUN))
		status = cover_nscd(build->failure);
	return status;
}

/*
 * Clones the additions before it enters the namespace, in which the host's tree
 * is missing.
 */
static int prepare_to_add(struct build *build, int *statuses, struct failure *failures)
{
	struct failure *failure = build->failure;
	int status = leave_host(build);

	if (status == 0 && !allows_suid(build))
		status = restrict_host(failure);
	if (status == 0)
		status = allocate_sources(build);
	if (status == 0)
		clone_to_add(build, statuses, failures);
	build->failure = failure;
	return status;
}

int mountns_update(const struct container *container, const struct container *started, int nsfd,
		   int *statuses, struct failure *failures, struct failure *failure)
{
	struct build build = {
		.container = container,
		.failure = failure,
		.root = -1,
		.root_dir = -1,
		.links = -1,
		.show = CMDSHOW_NONE,
	};
	int status = 0;

	if (shows_commands(&build))
		cmdshow_clone(&build.show, false);
	if (container->bind_count)
		status = prepare_to_add(&build, statuses, failures);
	if (status == 0)
		status = enter_to_add(&build, nsfd);
	/* The host's current state. */
	if (status == 0 && shows_commands(&build))
		(void)cmdshow_attach_executor(&build.show);
	if (status == 0 && has_files(&build))
		status = mount_links_directory(&build);
	if (status == 0)
		attach_to_add(&build, statuses, failures);
	build.failure = failure;
	if (status == 0)
		status = restrict_again(&build, started);
	if (build.links >= 0 && detach_all(PATH_OLDROOT PATH_MNTDIR) < 0)
		debug("cannot unmount a tmpfs: %s", strerror(errno));
	close_build(&build);
	return status;
}
