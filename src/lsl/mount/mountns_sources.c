/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sources of binds, as detached clones. */
#include "config.h"

#include "mount/mountns_build.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/debug.h"
#include "files/hostpath.h"
#include "inroot.h"
#include "mount/mounttree.h"
#include "pathnames.h"
#include "files/pathtext.h"
#include "mount/undermount.h"

/* The directory with the sockets of people's sessions. */
#define PATH_RUN_USER "/run/user"

const char *const default_binds[DEFAULT_COUNT] = {"/dev", "/proc", "/sys", "/run"};

/* Number I of all binds; the binds that every container gets come first. */
struct bind bind_number(const struct build *build, size_t i)
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
int clone_source(struct build *build, const struct bind *bind, struct bind_source *source)
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
		source->tree = mounttree_clone(fd, source->is_dir);
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
static int make_tmpfs(struct build *build, const struct default_mount *own,
		      struct bind_source *source)
{
	debug("separate tmpfs for %s", own->path);
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
static bool follow_link_inside(int root, char path[PATH_MAX])
{
	int fd = inroot_open(root, path, O_PATH | O_NOFOLLOW);
	char target[PATH_MAX];
	ssize_t len = fd < 0 ? -1 : readlinkat(fd, "", target, sizeof(target));

	if (fd >= 0)
		close(fd);
	return len > 0 && path_follow(path, target, (size_t)len);
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
		if (links++ == 8 || !follow_link_inside(build->root, path))
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
void choose_defaults(struct build *build)
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

int allocate_sources(struct build *build)
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
int clone_sources(struct build *build, size_t first, size_t end)
{
	int status = 0;
	struct bind bind;
	size_t i;

	for (i = first; i < end && status == 0; i++) {
		bind = bind_number(build, i);
		if (i < build->default_count && build->defaults[i].own)
			status = make_tmpfs(build, &build->defaults[i], &build->sources[i]);
		else
			status = clone_source(build, &bind, &build->sources[i]);
	}
	return status;
}
