/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "files/safepath_find.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/pathtext.h"
#include "inroot.h"
#include "pathrest.h"

struct find_walk {
	int root;
	struct account_roots *groups;
	char *here; /* how far we are, without links; "" is the root */
	struct pathrest rest;
};

/* FD is the link at the end of HERE. */
static int follow_target(struct find_walk *walk, int fd)
{
	int status = pathrest_follow(&walk->rest, fd, "");

	if (status == PATHREST_ABSOLUTE)
		walk->here[0] = '\0';
	else if (status == PATHREST_RELATIVE)
		path_go_up(walk->here);
	return status < 0 ? status : 0;
}

/* Looks at HERE. SAFEPATH_UNSAFE when others can change it. */
static int look_here(struct find_walk *walk)
{
	int fd = inroot_open(walk->root, *walk->here ? walk->here : "/", O_PATH | O_NOFOLLOW);
	struct stat st;
	int status;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		status = -errno;
	else if (S_ISLNK(st.st_mode))
		status = st.st_uid == 0 ? follow_target(walk, fd) : SAFEPATH_UNSAFE;
	else if (st.st_uid == 0 && !pathrest_is_end(&walk->rest) && (st.st_mode & S_ISVTX))
		status = 0;
	else
		status = emptygroup_trusts(walk->groups, fd, &st) ? SAFEPATH_SAFE : SAFEPATH_UNSAFE;
	close(fd);
	return status;
}

int safepath_find_unsafe(int root, const char *path, struct account_roots *groups,
			 struct unsafe_place *unsafe)
{
	struct find_walk walk = {.root = root, .groups = groups, .here = unsafe->place};
	char name[NAME_MAX + 1];
	int status = pathrest_begin(&walk.rest, path);

	unsafe->place[0] = '\0';
	if (status < 0)
		return status;
	status = look_here(&walk);
	while (status == 0 && !pathrest_is_end(&walk.rest)) {
		status = pathrest_take(&walk.rest, name);
		if (status < 0 || !*name || strcmp(name, ".") == 0)
			continue;
		if (strcmp(name, "..") == 0) {
			path_go_up(walk.here);
			continue;
		}
		status = path_append(walk.here, name) ? look_here(&walk) : -ENAMETOOLONG;
	}
	if (!*unsafe->place)
		strcpy(unsafe->place, "/");
	return status;
}
