/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "create/wall.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/debug.h"
#include "pathnames.h"
#include "syscalls_more.h"

int wall_mount(void)
{
	static const char *const writable[] = {PATH_STATEDIR, PATH_CACHEDIR};
	const struct lsl_mount_attr read_only = {.attr_set = LSL_MOUNT_ATTR_RDONLY};
	const struct lsl_mount_attr read_write = {.attr_clr = LSL_MOUNT_ATTR_RDONLY};
	size_t i;

	/* As a slave it follows the host, where file systems are unmounted. */
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0 ||
	    sys_mount_setattr(AT_FDCWD, "/", LSL_AT_RECURSIVE, &read_only) < 0)
		return 0;
	for (i = 0; i < sizeof(writable) / sizeof(writable[0]); i++)
		if ((mount(writable[i], writable[i], NULL, MS_BIND | MS_REC, NULL) < 0 ||
		     sys_mount_setattr(AT_FDCWD, writable[i], 0, &read_write) < 0) &&
		    errno != ENOENT)
			return -1;
	debug("for tools, everything but %s and %s is read-only", writable[0], writable[1]);
	return 0;
}

/* Version 1 forbids every hard link from one directory to another. */
#define FIRST_WITH_LINKS 2
#define FIRST_WITH_TRUNCATE 3

static int landlock_version(void)
{
	return sys_landlock_create_ruleset(NULL, LSL_LANDLOCK_VERSION);
}

bool wall_has_landlock(void)
{
	return landlock_version() >= FIRST_WITH_LINKS;
}

static int allow_below(int ruleset, const char *path, uint64_t rights)
{
	struct lsl_landlock_path_beneath rule = {
		.allowed = rights,
		.parent_fd = open(path, O_PATH | O_CLOEXEC),
	};
	int status;

	if (rule.parent_fd < 0)
		return -1;
	status = sys_landlock_add_rule(ruleset, &rule);
	close(rule.parent_fd);
	return status;
}

int wall_landlock(bool has_directory)
{
	uint64_t rights = LSL_LANDLOCK_WRITE_FILE | LSL_LANDLOCK_CHANGE_NAMES;
	int ruleset, status;

	if (!wall_has_landlock())
		return 0;
	if (landlock_version() >= FIRST_WITH_TRUNCATE)
		rights |= LSL_LANDLOCK_TRUNCATE;
	ruleset = sys_landlock_create_ruleset(&rights, 0);
	if (ruleset < 0)
		return -1;
	status = allow_below(ruleset, "/dev/null", LSL_LANDLOCK_WRITE_FILE);
	if (status == 0 && has_directory)
		status = allow_below(ruleset, ".", rights);
	if (status == 0)
		status = sys_landlock_restrict_self(ruleset);
	close(ruleset);
	return status;
}
