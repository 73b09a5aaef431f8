/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "files/emptygroup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "files/inroot_file.h"
#include "safepath.h"

/* The field after NUMBER colons of LINE, to its end; empty if it is missing. */
static const char *field_of(const char *line, int number)
{
	for (; number && line; number--) {
		line = strchr(line, ':');
		line += line ? 1 : 0;
	}
	return line ? line : "";
}

static bool is_number(const char *field, unsigned long number)
{
	char *end;

	return strtoul(field, &end, 10) == number && end != field && strchr(":\n", *end);
}

/* passwd(5): the group of an account that is not root's. */
static bool is_primary(const char *line, gid_t gid)
{
	return is_number(field_of(line, 3), gid) && !is_number(field_of(line, 2), 0);
}

/* group(5) */
static bool lists_group(const char *line, gid_t gid)
{
	const char *members = field_of(line, 3);
	size_t len = strcspn(members, ":\n");

	return is_number(field_of(line, 2), gid) && len &&
	       (len != strlen("root") || strncmp(members, "root", len) != 0);
}

/*
 * Whether a line of the file PATH names a member; also when the file cannot be
 * read.
 */
static bool names_member(int root, const char *path, gid_t gid,
			 bool (*is_member)(const char *line, gid_t gid))
{
	FILE *file = inroot_open_text(root, path);
	bool is_found = false;
	char *line = NULL;
	size_t size = 0;

	if (!file)
		return errno != ENOENT;
	while (!is_found && getline(&line, &size, file) >= 0)
		is_found = is_member(line, gid);
	is_found = is_found || ferror(file);
	free(line);
	fclose(file);
	return is_found;
}

/*
 * Whether the group GID has no member but root, by the account files of all
 * ROOTS.
 */
static bool is_empty_group(struct account_roots *roots, gid_t gid)
{
	size_t i;

	for (i = 0; i < roots->empty_count; i++)
		if (roots->empty[i] == gid)
			return true;
	if (roots->count == 0 || roots->empty_count == EMPTY_GROUPS_MAX)
		return false;
	for (i = 0; i < roots->count; i++)
		if (names_member(roots->list[i], "/etc/passwd", gid, is_primary) ||
		    names_member(roots->list[i], "/etc/group", gid, lists_group))
			return false;
	roots->empty[roots->empty_count++] = gid;
	return true;
}

/* With an access control list, the bits of the group are the list's mask. */
static bool has_acl(int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return getxattr(path, "system.posix_acl_access", NULL, 0) >= 0 ||
	       (errno != ENODATA && errno != EOPNOTSUPP);
}

bool emptygroup_trusts(struct account_roots *roots, int fd, const struct stat *st)
{
	if (safepath_is_root_only(st))
		return true;
	return st->st_uid == 0 && st->st_gid != 0 && !(st->st_mode & S_IWOTH) && !has_acl(fd) &&
	       is_empty_group(roots, st->st_gid);
}
