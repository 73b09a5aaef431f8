/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether commands work where lsl check was called, by the same check as
 * lslExecutor after a failure.
 */
#include "config.h"

#include "check/check.h"

#include <sys/stat.h>

#include "syscalls.h"

/*
 * Compares the inode, because another user namespace can have the uid_map of
 * the initial one.
 */
static bool is_caller_in_user_namespace(void)
{
	struct stat st;

	return stat("/proc/self/ns/user", &st) == 0 && st.st_ino != LSL_INITIAL_USERNS_INO;
}

void check_caller(struct check *check)
{
	struct diag_place place = {.check = "caller"};

	if (check->has_no_new_privs)
		diag_add(
			&check->diags, SEVERITY_WARNING, &place,
			"no_new_privs is set here (in a sandbox, or a unit with NoNewPrivileges=, DynamicUser=, or User= with PrivateDevices= or the like?): commands do not work; call them outside of it");
	else if (is_caller_in_user_namespace())
		diag_add(
			&check->diags, SEVERITY_WARNING, &place,
			"this is another user namespace (a rootless container or a sandbox): commands do not work; call them outside of it");
	else
		diag_add(&check->diags, SEVERITY_OK, &place,
			 "commands can get their privilege here");
}
