/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mount/mountflags.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "mountinfo.h"
#include "syscalls_more.h"
#include "base/debug.h"

/*
 * Flags that a remount clears unless it repeats them, as mountinfo calls them.
 */
static const struct {
	const char *name;
	unsigned long flag;
} options[] = {
	{"ro", MS_RDONLY},         {"nosuid", MS_NOSUID},   {"nodev", MS_NODEV},
	{"noexec", MS_NOEXEC},     {"noatime", MS_NOATIME}, {"nodiratime", MS_NODIRATIME},
	{"relatime", MS_RELATIME},
};

static unsigned long flag_of(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (strlen(options[i].name) == len && strncmp(options[i].name, name, len) == 0)
			return options[i].flag;
	return 0;
}

static unsigned long flags_of(const char *list)
{
	unsigned long flags = 0;
	size_t len;

	for (; *list; list += len + (list[len] == ',')) {
		len = strcspn(list, ",");
		flags |= flag_of(list, len);
	}
	/*
	 * strictatime has no word, and without a flag it would become relatime.
	 */
	return (flags & (MS_NOATIME | MS_RELATIME)) ? flags : flags | MS_STRICTATIME;
}

struct remount {
	const char *path;
	unsigned long flags;
	bool is_recursive;
	const char *except; /* a mount point, or NULL */
	bool has_found; /* the mount at path itself */
};

static bool is_to_remount(const struct remount *remount, const char *mount_point)
{
	size_t len = strlen(remount->path);

	if (remount->except && strcmp(mount_point, remount->except) == 0)
		return false;
	if (strcmp(mount_point, remount->path) == 0)
		return true;
	if (!remount->is_recursive || strncmp(mount_point, remount->path, len) != 0)
		return false;
	return remount->path[len - 1] == '/' || mount_point[len] == '/';
}

static int remount_one(const struct mountinfo *mnt, void *arg)
{
	struct remount *remount = arg;
	unsigned long flags = flags_of(mnt->options);
	char name[64];
	int fd, status = 0;

	if (!is_to_remount(remount, mnt->mount_point))
		return 0;
	fd = mountinfo_open(mnt);
	if (fd < 0)
		return 0;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	if ((flags & remount->flags) != remount->flags &&
	    mount(NULL, name, NULL, MS_REMOUNT | MS_BIND | flags | remount->flags, NULL) < 0)
		status = -errno;
	if (strcmp(mnt->mount_point, remount->path) == 0)
		remount->has_found = true;
	close(fd);
	return status;
}

static int remount_all(int fd, unsigned long flags, bool is_recursive, const char *except)
{
	char name[64], path[PATH_MAX];
	struct remount remount = {
		.path = path,
		.flags = flags,
		.is_recursive = is_recursive,
		.except = except,
	};
	ssize_t len;
	int status;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	len = readlink(name, path, sizeof(path) - 1);
	if (len < 0)
		return -errno;
	path[len] = '\0';
	status = mountinfo_visit_own(remount_one, &remount);
	return status < 0 || remount.has_found ? status : -EINVAL;
}

int mountflags_add(int fd, unsigned long flags, bool is_recursive, const char *except)
{
	struct lsl_mount_attr attr = {
		.attr_set = ((flags & MS_RDONLY) ? LSL_MOUNT_ATTR_RDONLY : 0) |
			    ((flags & MS_NOSUID) ? LSL_MOUNT_ATTR_NOSUID : 0),
	};
	unsigned int at = AT_EMPTY_PATH | (is_recursive ? LSL_AT_RECURSIVE : 0);

	if (!except) {
		if (sys_mount_setattr(fd, "", at, &attr) == 0)
			return 0;
		if (errno != ENOSYS)
			return -errno;
		debug("no mount_setattr, each mount by itself");
	}
	return remount_all(fd, flags, is_recursive, except);
}
