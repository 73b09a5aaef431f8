/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Root filesystems and remains of lsl create that belong to no container. */
#include "config.h"

#include "check/check.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pathnames.h"
#include "safepath.h"
#include "create/store.h"

static const char check_name[] = "created";

struct looking {
	struct check *check;
	int dir; /* STATEDIR */
};

static int report_leftover(const char *entry, const char *name, void *arg)
{
	struct check *check = arg;
	struct diag_place place = {.check = check_name};

	(void)name;
	diag_add(&check->diags, SEVERITY_WARNING, &place,
		 "%s/%s was left by a killed lsl create or lsl remove: the next one removes it",
		 PATH_STATEDIR, entry);
	return 0;
}

/*
 * The section of a container was removed, so no list has its root filesystem.
 */
static int report_orphan(const char *entry, const char *name, void *arg)
{
	const struct looking *looking = arg;
	struct check *check = looking->check;
	struct diag_place place = {.check = check_name, .container = name};
	struct store_record record;
	struct stat st;

	(void)entry;
	if (store_read_record(looking->dir, name, &record) < 0 || record.is_adopted ||
	    lstat(record.section, &st) == 0 || errno != ENOENT)
		return 0;
	diag_add(&check->diags, SEVERITY_WARNING, &place,
		 "lsl create made it, but %s is gone: %s/%s belongs to no section", record.section,
		 PATH_STATEDIR, name);
	diag_command(&check->diags, "sudo lsl create %s --from %s/%s", name, PATH_STATEDIR, name);
	return 0;
}

void check_store(struct check *check)
{
	struct diag_place place = {.check = check_name, .file = PATH_STATEDIR};
	int status, dir = safepath_open_dir(PATH_STATEDIR);
	struct looking looking = {check, dir};

	/* lsl create was never called. */
	if (dir == -ENOENT)
		return;
	status = dir < 0 ? dir : store_visit_leftovers(dir, report_leftover, check);
	if (status == 0)
		status = store_visit_records(report_orphan, &looking);
	if (dir >= 0)
		close(dir);
	if (status == -EPERM || status == -ELOOP) {
		diag_add(
			&check->diags, SEVERITY_ERROR, &place,
			"it, or a directory that leads to it, is writable by users other than root");
		diag_command(&check->diags, "sudo chown root:root %s; sudo chmod go-w %s",
			     PATH_STATEDIR, PATH_STATEDIR);
	} else if (status == -EACCES && !check->sees_all) {
		diag_add(&check->diags, SEVERITY_UNKNOWN, &place,
			 "only root can see whether anything is left in it (sudo lsl check)");
	} else if (status < 0) {
		diag_add(&check->diags, check_severity(check, -status, SEVERITY_ERROR), &place,
			 "%s", strerror(-status));
	}
}
