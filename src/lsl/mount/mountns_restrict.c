/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Flags of the host's mounts in the container, and mounts that hide files of
 * the host.
 */
#include "config.h"

#include "mount/mountns_build.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/debug.h"
#include "files/hostpath.h"
#include "mount/mountflags.h"
#include "pathnames.h"
#include "files/pathtext.h"
#include "timelimit.h"

/*
 * Adds FLAGS to the mount at PATH, if there is one. lslExecutor's mount keeps
 * its own flags, because it has to be setuid.
 */
static int add_flags(const char *path, unsigned long flags, bool is_recursive,
		     struct failure *failure)
{
	bool has_executor = is_recursive && path_is_at_or_below(PATH_EXECUTOR_LINK, path);
	int fd = hostpath_open(path, NULL);
	int status = fd;

	if (fd >= 0) {
		status = mountflags_add(fd, flags, is_recursive,
					has_executor ? PATH_EXECUTOR_LINK : NULL);
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

int restrict_host(struct failure *failure)
{
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int status = root < 0 ? -errno : mountflags_add(root, MS_NOSUID, true, NULL);

	if (root >= 0)
		close(root);
	if (status < 0)
		return failure_set(failure, status, "cannot make the host's mounts nosuid");
	return protect_selinux(failure);
}

/* In milliseconds. */
#define NSCD_MS 2000

static long cover_socket(const void *arg)
{
	struct stat run, socket;

	(void)arg;
	if (stat("/run", &run) < 0 || lstat(PATH_NSCD_SOCKET, &socket) < 0 ||
	    run.st_dev != socket.st_dev)
		return 0;
	return mount("/dev/null", PATH_NSCD_SOCKET, NULL, MS_BIND, NULL) < 0 ? -errno : 0;
}

/*
 * nscd(8) of the host answers for the host's accounts, and every C library asks
 * it by a socket in /run. The container has other accounts, so the socket is
 * covered, if it exists: connecting to it fails as if no nscd(8) was started.
 *
 * Not its directory, because a user can list that, and hold its lock
 * (unlisted.h); nobody can hold that of a socket. A user can still delay the
 * lookup of the name, if another program waits for the directory's lock. Then
 * the container is started, without the cover.
 */
int cover_nscd(struct failure *failure)
{
	struct stat nscd;
	long status;

	if (lstat(PATH_NSCD, &nscd) < 0)
		return 0;
	debug("cover %s", PATH_NSCD_SOCKET);
	status = timelimit_run(cover_socket, NULL, NSCD_MS);
	if (status == -ETIMEDOUT) {
		debug("%s does not answer", PATH_NSCD);
		return 0;
	}
	return status < 0 ? failure_set(failure, (int)status, "cannot cover %s", PATH_NSCD_SOCKET)
			  : 0;
}

static int restrict_mnt(const struct build *build)
{
	const struct container *started = build->container;
	int status = 0;
	size_t i;

	for (i = 0; i < started->bind_count && status == 0; i++)
		status = add_flags(started->binds[i].target, MS_NOSUID, true, build->failure);
	return status;
}

int restrict_again(const struct build *build)
{
	int status = add_flags(PATH_OLDROOT, MS_NOSUID, true, build->failure);
	size_t i;

	for (i = 0; i < DEFAULT_COUNT && status == 0; i++)
		status = add_flags(default_binds[i], MS_NOSUID, true, build->failure);
	if (status == 0 && !allows_suid(build))
		status = restrict_mnt(build);
	if (status == 0)
		status = protect_selinux(build->failure);
	/* A container's own /run can only have the container's nscd. */
	if (status == 0 && !(build->container->own & OWN_RUN))
		status = cover_nscd(build->failure);
	return status;
}
