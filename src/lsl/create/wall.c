/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "create/wall.h"

#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "syscalls_more.h"

/* Version 1 forbids every hard link from one directory to another. */
#define FIRST_WITH_LINKS 2
#define FIRST_WITH_TRUNCATE 3

static int landlock_version(void)
{
	return sys_landlock_create_ruleset(NULL, LSL_LANDLOCK_VERSION);
}

bool wall_is_there(void)
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

int wall_build(bool has_directory)
{
	uint64_t rights = LSL_LANDLOCK_WRITE_FILE | LSL_LANDLOCK_CHANGE_NAMES;
	int ruleset, status;

	if (!wall_is_there())
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
