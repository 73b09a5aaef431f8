/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "check/check.h"

#include <errno.h>
#include <string.h>

#include "mount/cmddir_state.h"
#include "rundir.h"
#include "pathnames.h"

static int found_one(const char *name, void *arg)
{
	(void)name;
	(void)arg;
	return 1;
}

void check_mntdir(struct check *check)
{
	struct diag_place place = {.check = "state", .file = PATH_MNTDIR};

	if (check->rundir == -EPERM || check->rundir == -ELOOP)
		diag_add(
			&check->diags, SEVERITY_ERROR, &place,
			"it, or a directory that leads to it, is writable by users other than root (sudo chown root:root, chmod go-w)");
	else if (check->rundir < 0 && check->rundir != -ENOENT)
		diag_add(&check->diags, check_severity(check, -check->rundir, SEVERITY_ERROR),
			 &place, "%s", strerror(-check->rundir));
}

void check_listing(struct check *check, int status)
{
	struct diag_place place = {.check = "state", .file = PATH_MNTDIR};

	diag_add(&check->diags, check_severity(check, -status, SEVERITY_ERROR), &place,
		 "the started containers cannot be listed: %s%s", strerror(-status),
		 check->sees_all ? "" : " (sudo lsl check)");
}

/*
 * 1: a container is started, 0: none is; a negative errno if this cannot be
 * seen.
 */
static int is_any_started(const struct check *check)
{
	if (check->rundir == -ENOENT)
		return 0;
	return check->rundir < 0
		       ? check->rundir
		       : lsl_visit_started(check->options, check->rundir, found_one, NULL);
}

void check_linksdir(struct check *check)
{
	struct diag_place place = {.check = "command-directory", .file = PATH_LINKSDIR};
	int state = check->linksdir, started = is_any_started(check);
	struct failure failure;

	if (state == CMDDIR_MOUNTED) {
		diag_add(&check->diags, SEVERITY_OK, &place, "mounted and alive");
	} else if (state == CMDDIR_DEAD) {
		diag_add(&check->diags, SEVERITY_ERROR, &place, "its daemon is gone");
		diag_command(&check->diags, "sudo lsl start");
	} else if (state == CMDDIR_HUNG) {
		diag_add(
			&check->diags, SEVERITY_ERROR, &place,
			"its daemon does not answer (is it stopped, or does it wait for a file system that is gone?)");
		diag_command(&check->diags, "sudo lsl start");
	} else if (state < 0) {
		diag_add(&check->diags, check_severity(check, -state, SEVERITY_ERROR), &place, "%s",
			 strerror(-state));
	} else if (started < 0) {
		diag_add(&check->diags, check_severity(check, -started, SEVERITY_ERROR), &place,
			 "not mounted; whether a container is started cannot be seen");
	} else if (started > 0) {
		diag_add(&check->diags, SEVERITY_ERROR, &place,
			 "not mounted, although containers are started");
		diag_command(&check->diags, "sudo lsl start");
	} else if (cmddir_inspect(&failure) < 0) {
		diag_add(&check->diags, SEVERITY_ERROR, &place, "%s", failure.text);
	} else {
		diag_add(&check->diags, SEVERITY_OK, &place, "not mounted: nothing is started");
	}
}
