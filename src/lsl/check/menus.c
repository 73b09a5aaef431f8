/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether the programs of containers that share their applications appear in
 * menus, and reach the display when they are started from there.
 */
#include "config.h"

#include "check/check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pathnames.h"
#include "files/pathtext.h"

static const char check_name[] = "menus";

#define ADD_LINE "XDG_DATA_DIRS=${XDG_DATA_DIRS:-/usr/local/share:/usr/share}:" PATH_SHAREDIR

/* The directory of the X server's sockets. */
#define X_SOCKETS "/tmp/.X11-unix"

/* The first container that shares its applications, or NULL. */
static const struct container *first_sharing(const struct conf *conf)
{
	size_t i;

	for (i = 0; i < conf->container_count; i++)
		if (conf->containers[i]->shares_applications)
			return conf->containers[i];
	return NULL;
}

/*
 * A session's variable. sudo removes it from the environment; then the files
 * count.
 */
void check_menus(struct check *check)
{
	const struct container *container = first_sharing(&check->conf);
	struct diag_place place = {.check = check_name};

	if (!container)
		return;
	if (path_list_has(getenv("XDG_DATA_DIRS"), PATH_SHAREDIR) ||
	    (getenv("SUDO_UID") && check_login_files_have(PATH_SHAREDIR))) {
		diag_add(&check->diags, SEVERITY_OK, &place, "desktops find %s", PATH_SHAREDIR);
		return;
	}
	place = check_place(check_name, container, container->share_line);
	if (check_login_files_have(PATH_SHAREDIR)) {
		diag_add(
			&check->diags, SEVERITY_WARNING, &place,
			"%s is not in XDG_DATA_DIRS here, so menus of this session lack its programs: log in again",
			PATH_SHAREDIR);
		return;
	}
	diag_add(
		&check->diags, SEVERITY_WARNING, &place,
		"no file that sessions read puts %s into XDG_DATA_DIRS, so menus lack its programs",
		PATH_SHAREDIR);
	diag_line(&check->diags, "write " ADD_LINE " into /etc/environment.d/90-lsl.conf");
}

/* Whether PATH is the same file in the container. */
static bool has_of_host(const struct container *container, const char *path)
{
	const struct bind *bind;
	size_t i;

	if (path_is_at_or_below(path, "/run") || path_is_at_or_below(path, "/dev"))
		return true;
	for (i = 0; i < container->bind_count; i++) {
		bind = &container->binds[i];
		if (strcmp(bind->source, bind->target) == 0 &&
		    path_is_at_or_below(path, bind->target))
			return true;
	}
	return false;
}

void check_display(struct check *check, const struct container *container)
{
	struct diag_place place = check_place(check_name, container, container->share_line);
	const char *key = getenv("DISPLAY") ? getenv("XAUTHORITY") : NULL;
	struct stat st;

	if (!container->shares_applications)
		return;
	if (stat(X_SOCKETS, &st) == 0 && !has_of_host(container, X_SOCKETS))
		diag_add(&check->diags, SEVERITY_WARNING, &place,
			 "mnt has neither /tmp nor " X_SOCKETS
			 ", so its programs may not reach the X display: add " X_SOCKETS " to mnt");
	if (key && key[0] == '/' && !has_of_host(container, key))
		diag_add(
			&check->diags, SEVERITY_WARNING, &place,
			"mnt lacks %s, without which its programs may not open the display %s: add it, or its directory, to mnt",
			key, getenv("DISPLAY"));
}
