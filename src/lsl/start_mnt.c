/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "start_mnt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/hostpath.h"
#include "inroot.h"
#include "started/instance.h"
#include "files/location.h"
#include "lsl.h"
#include "mount/mnt_diff.h"
#include "mount/nsbuild.h"

/* Whether CONTAINER is started without BIND; if so, says that. */
static bool is_left_out(const struct container *container, const struct bind *bind)
{
	struct hostpath place;
	int fd = hostpath_open(bind->source, &place);

	if (fd >= 0)
		close(fd);
	else if (fd == -ENOENT || fd == -ENOTDIR)
		lsl_say("%s:%u: %s does not exist; %s is started without it (create it, then sudo lsl start %s)",
			container->file, bind->line, bind->source, container->name,
			container->name);
	else if (fd == -ELOOP)
		lsl_say("%s:%u: %s: %s is a symbolic link in a directory that users other than root can change, and is not followed; %s is started without it (write into mnt where the link leads)",
			container->file, bind->line, bind->source, place.place, container->name);
	return fd == -ENOENT || fd == -ENOTDIR || fd == -ELOOP;
}

/*
 * The place of BIND's mount point; false if it is not in the root filesystem.
 */
static bool find_mount_point(const struct container *container, const struct bind *bind,
			     struct location *location)
{
	size_t len = (size_t)(strrchr(bind->target, '/') - bind->target);
	char parent[PATH_MAX];
	int end;

	if (len + 2 > sizeof(parent))
		return false;
	memcpy(parent, bind->target, len);
	strcpy(parent + len, len ? "" : "/");
	if (!location_find(container, parent, location) || location->root != container->path)
		return false;
	end = snprintf(location->path, sizeof(location->path), "%s", bind->target);
	return (size_t)end < sizeof(location->path);
}

/*
 * Whether a directory would have to be mounted on a file of the root
 * filesystem, or the reverse: a user may have exchanged the one for the other
 * since the mount point was made.
 */
static bool has_other_kind(const struct container *container, const struct bind *bind)
{
	int source = hostpath_open(bind->source, NULL), root = -1, target = -1;
	struct location location;
	struct stat host, inside;
	bool is_other = false;

	if (find_mount_point(container, bind, &location))
		root = open(location.root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (source >= 0 && root >= 0 && fstat(source, &host) == 0)
		target = inroot_open(root, location.path,
				     O_PATH | (S_ISDIR(host.st_mode) ? 0 : O_NOFOLLOW));
	if (target >= 0 && fstat(target, &inside) == 0)
		is_other = S_ISDIR(host.st_mode) != S_ISDIR(inside.st_mode);
	if (is_other)
		lsl_say("%s:%u: %s is %s, and %s in %s is %s: %s is started without it (make it what it was, or remove %s%s, which is the mount point)",
			container->file, bind->line, bind->source,
			S_ISDIR(host.st_mode) ? "a directory" : "not a directory", bind->target,
			container->path, S_ISDIR(inside.st_mode) ? "one" : "none", container->name,
			container->path, bind->target);
	if (target >= 0)
		close(target);
	if (root >= 0)
		close(root);
	if (source >= 0)
		close(source);
	return is_other;
}

size_t start_mnt_leave_out(const struct container *container, struct bind *binds, size_t count,
			   bool is_new)
{
	size_t i, kept = 0;

	for (i = 0; i < count; i++)
		if (!is_left_out(container, &binds[i]) &&
		    !(is_new && has_other_kind(container, &binds[i])))
			binds[kept++] = binds[i];
	return kept;
}

/*
 * Updates the namespace NSFD of STARTED, and adds COUNT BINDS of CONTAINER,
 * also to STARTED.
 */
static int add_binds(const struct container *container, int nsfd, struct container *started,
		     const struct bind *binds, size_t count)
{
	struct bind_result *added = calloc(count + 1, sizeof(*added));
	struct failure failure;
	int status;
	size_t i;

	if (!added)
		return -ENOMEM;
	status = nsbuild_update(started, nsfd, binds, count, added, &failure);
	if (status < 0) {
		lsl_say("%s: not brought up to date: %s", container->name, failure.text);
		count = 0;
	}
	for (i = 0; i < count; i++) {
		if (added[i].status < 0)
			lsl_say("%s:%u: %s: not added: %s", container->file, binds[i].line,
				container->name, added[i].failure.text);
		else if (!instance_add_bind(started, &binds[i]))
			added[i].status = -ENOMEM;
		if (added[i].status < 0)
			status = added[i].status;
	}
	free(added);
	return status;
}

static void say_restart(const struct container *container, const char *key)
{
	lsl_say("%s: the changed %s takes effect after restart (sudo lsl restart %s)",
		container->name, key, container->name);
}

int start_mnt_apply(const struct container *container, int nsfd, struct container *started)
{
	bool has_other_root = strcmp(started->path, container->path) != 0;
	struct mnt_diff change;
	int status = mnt_diff_find(started, container, &change);

	if (status < 0)
		return status;
	/*
	 * Mount points are made in the root filesystem that the configuration
	 * means, not in an earlier one.
	 */
	if (has_other_root && change.added_count) {
		change.needs_restart = true;
		change.added_count = 0;
	}
	change.added_count =
		start_mnt_leave_out(container, change.added, change.added_count, false);
	status = add_binds(container, nsfd, started, change.added, change.added_count);
	if (has_other_root)
		say_restart(container, "path");
	if (started->own != container->own)
		say_restart(container, "own");
	if (started->has_no_commands != container->has_no_commands)
		say_restart(container, "host");
	if (change.needs_restart)
		say_restart(container, "mnt");
	free(change.added);
	return status;
}
