/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Groups without members, such as Debian's staff, which may write to
 * /usr/local: if such a group may write to a file, only root can.
 */
#ifndef LSL_EMPTYGROUP_H
#define LSL_EMPTYGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/*
 * How many different groups without members are accepted: the account files,
 * which can be large, are read for each.
 */
#define EMPTY_GROUPS_MAX 8

/* Directories, fds, whose etc/passwd and etc/group are asked. */
struct account_roots {
	int list[2];
	size_t count; /* without any, no group is empty */
	/* emptygroup.c's: those that are known to be empty */
	gid_t empty[EMPTY_GROUPS_MAX];
	size_t empty_count;
};

/*
 * Whether only root can change the directory FD, an O_PATH fd with the status
 * ST: root owns it, and no other user may write to it, except a group without
 * members. Groups of other sources than account files, a directory service for
 * example, are not seen.
 */
bool emptygroup_trusts(struct account_roots *roots, int fd, const struct stat *st);

#endif
