/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "check/check.h"

#include <errno.h>
#include <string.h>

#include "linksdir.h"
#include "mntdir.h"
#include "pathnames.h"

static int found_one(const char *name, void *arg)
{
	(void)name;
	(void)arg;
	return 1;
}

void check_mntdir(struct check *check)
{
	struct place place = {.check = "state", .file = PATH_MNTDIR};

	if (check->mntdir == -EPERM || check->mntdir == -ELOOP)
		finding_add(
			&check->findings, SEVERITY_ERROR, &place,
			"it, or a directory that leads to it, is not root's alone (sudo chown root:root, chmod go-w)");
	else if (check->mntdir < 0 && check->mntdir != -ENOENT)
		finding_add(&check->findings, check_severity(check, -check->mntdir, SEVERITY_ERROR),
			    &place, "%s", strerror(-check->mntdir));
}

void check_listing(struct check *check, int status)
{
	struct place place = {.check = "state", .file = PATH_MNTDIR};

	finding_add(&check->findings, check_severity(check, -status, SEVERITY_ERROR), &place,
		    "what is started cannot be listed: %s%s", strerror(-status),
		    check->sees_all ? "" : " (sudo lsl check)");
}

/* 1: a container is started, 0: none is; a negative errno where that cannot be seen. */
static int is_any_started(const struct check *check)
{
	if (check->mntdir == -ENOENT)
		return 0;
	return check->mntdir < 0
		       ? check->mntdir
		       : lsl_visit_started(check->options, check->mntdir, found_one, NULL);
}

void check_linksdir(struct check *check)
{
	struct place place = {.check = "command-directory", .file = PATH_LINKSDIR};
	int state = check->linksdir, started = is_any_started(check);
	struct failure failure;

	if (state == LINKSDIR_MOUNTED) {
		finding_add(&check->findings, SEVERITY_OK, &place, "mounted and alive");
	} else if (state == LINKSDIR_DEAD) {
		finding_add(&check->findings, SEVERITY_ERROR, &place, "its daemon is gone");
		finding_command(&check->findings, "sudo lsl start");
	} else if (state == LINKSDIR_HUNG) {
		finding_add(
			&check->findings, SEVERITY_ERROR, &place,
			"its daemon does not answer (is it stopped, or a file system that it waits for away?)");
		finding_command(&check->findings, "sudo lsl start");
	} else if (state < 0) {
		finding_add(&check->findings, check_severity(check, -state, SEVERITY_ERROR), &place,
			    "%s", strerror(-state));
	} else if (started < 0) {
		finding_add(&check->findings, check_severity(check, -started, SEVERITY_ERROR),
			    &place, "not mounted; whether a container is started cannot be seen");
	} else if (started > 0) {
		finding_add(&check->findings, SEVERITY_ERROR, &place,
			    "not mounted, although containers are started");
		finding_command(&check->findings, "sudo lsl start");
	} else if (linksdir_inspect(&failure) < 0) {
		finding_add(&check->findings, SEVERITY_ERROR, &place, "%s", failure.text);
	} else {
		finding_add(&check->findings, SEVERITY_OK, &place,
			    "not mounted: nothing is started");
	}
}
