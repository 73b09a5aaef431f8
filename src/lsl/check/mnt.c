/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "check/check.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/hostpath.h"
#include "inroot.h"

static const char check_name[] = "mnt";

/* 0: it exists, and lsl start would mount it. */
static int open_and_close(const struct bind *bind, struct hostpath *where)
{
	int fd = hostpath_open(bind->source, where);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static void report_bind(struct check *check, const struct diag_place *place,
			const struct bind *bind, int status, const struct hostpath *where)
{
	if (status == -ENOENT)
		diag_add(
			&check->diags, SEVERITY_WARNING, place,
			"mnt: %s does not exist, so the container is without it: create it or remove it from mnt",
			bind->source);
	else if (status == -ELOOP)
		diag_add(
			&check->diags, SEVERITY_WARNING, place,
			"mnt: %s: %s is a symbolic link in a directory that users other than root can change, so it is not followed and the container is without it: write into mnt where the link leads",
			bind->source, where->place);
	else
		diag_add(&check->diags, check_severity(check, -status, SEVERITY_ERROR), place,
			 "mnt: %s: %s", bind->source, strerror(-status));
}

static const struct bind *find_bind(const struct container *container, const char *target)
{
	size_t i;

	for (i = 0; i < container->bind_count; i++)
		if (strcmp(container->binds[i].target, target) == 0)
			return &container->binds[i];
	return NULL;
}

/* Without /etc/shadow people are known, but have no passwords (accounts.h). */
static void check_passwords(struct check *check, const struct container *container)
{
	struct diag_place place;
	const struct bind *people = find_bind(container, "/etc/passwd");
	struct stat st;

	if (!people || find_bind(container, "/etc/shadow") || check->root < 0 ||
	    inroot_stat(check->root, "/usr/bin/sudo", &st) < 0)
		return;
	place = check_place(check_name, container, people->line);
	diag_add(
		&check->diags, SEVERITY_WARNING, &place,
		"mnt: /etc/passwd without /etc/shadow: sudo and su inside accept no password of the host's people");
	diag_line(&check->diags, "add ;/etc/shadow to mnt, then sudo lsl start %s",
		  container->name);
}

void check_mnt(struct check *check, const struct container *container)
{
	struct diag_place place = check_place(check_name, container, 0);
	struct hostpath where;
	const struct bind *bind;
	size_t i, well = 0;
	int status;

	for (i = 0; i < container->bind_count; i++) {
		bind = &container->binds[i];
		place.line = bind->line;
		status = open_and_close(bind, &where);
		if (status == 0)
			well++;
		else
			report_bind(check, &place, bind, status, &where);
	}
	place.line = 0;
	if (well && well == container->bind_count)
		diag_add(&check->diags, SEVERITY_OK, &place,
			 "everything that mnt names exists (%zu)", well);
	check_passwords(check, container);
}
