/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether commands work where lsl check was called, as explain.c says it of a call that failed.
 */
#include "config.h"

#include "check/check.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* proc(5): the initial user namespace maps everything to itself. */
static bool is_in_user_namespace(void)
{
	FILE *file = fopen("/proc/self/uid_map", "re");
	unsigned long inside, outside, count;
	bool is_initial = true;

	if (!file)
		return false;
	if (fscanf(file, "%lu %lu %lu", &inside, &outside, &count) == 3)
		is_initial = inside == 0 && outside == 0 && count == 4294967295UL;
	fclose(file);
	return !is_initial;
}

void check_caller(struct check *check)
{
	struct place place = {.check = "caller"};

	if (check->has_no_new_privs)
		finding_add(
			&check->findings, SEVERITY_WARNING, &place,
			"no_new_privs is set here (in a sandbox, or a unit with NoNewPrivileges=yes?): commands do not work, call them outside of it");
	else if (is_in_user_namespace())
		finding_add(
			&check->findings, SEVERITY_WARNING, &place,
			"this is another user namespace (a rootless container or a sandbox): commands do not work, call them outside of it");
	else
		finding_add(&check->findings, SEVERITY_OK, &place,
			    "commands can get their privilege here");
}
