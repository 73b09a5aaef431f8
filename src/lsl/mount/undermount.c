/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mount/undermount.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "mount/mountflags.h"
#include "mountinfo.h"
#include "mount/mounttree.h"
#include "syscalls_more.h"
#include "base/debug.h"

/* Whether A and B are on the same mount; true also if this is unknown. */
static bool is_same_mount(int a, int b)
{
	uint64_t id_a, id_b;

	return mountinfo_id(a, &id_a) < 0 || mountinfo_id(b, &id_b) < 0 || id_a == id_b;
}

/*
 * Whether NAME in PARENT leads to the mount whose root is FD, and not to one on
 * top of it.
 */
static bool leads_to(int parent, const char *name, int fd)
{
	int found = openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	bool is_it;

	if (found < 0)
		return false;
	is_it = is_same_mount(found, fd);
	close(found);
	return is_it;
}

/* The directory NAME of TREE, which is mounted on SCRATCH. */
static int clone_from(int tree, const char *name)
{
	int fd = openat(tree, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int status;

	if (fd < 0)
		return -errno;
	status = mountflags_add(tree, MS_RDONLY, false, NULL);
	if (status == 0)
		status = mounttree_clone(fd, false);
	close(fd);
	return status;
}

/*
 * A clone has none of the mounts in PARENT. Only an attached mount can be
 * cloned again.
 */
static int clone_below(int parent, const char *name, const char *scratch)
{
	int status, tree = mounttree_clone(parent, false);

	if (tree < 0)
		return tree;
	if (sys_move_mount(tree, "", AT_FDCWD, scratch, LSL_MOVE_MOUNT_F_EMPTY_PATH) < 0) {
		status = -errno;
	} else {
		status = clone_from(tree, name);
		if (umount2(scratch, MNT_DETACH | UMOUNT_NOFOLLOW) < 0)
			debug("unmount %s: %s", scratch, strerror(errno));
	}
	close(tree);
	return status;
}

int undermount_clone(int fd, const char *place, const char *scratch)
{
	const char *name = strrchr(place, '/');
	int parent, status = -EINVAL;

	if (!name || !name[1])
		return -EINVAL;
	parent = openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (parent < 0)
		return -errno;
	if (!is_same_mount(parent, fd) && leads_to(parent, name + 1, fd))
		status = clone_below(parent, name + 1, scratch);
	close(parent);
	return status;
}
