/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "create/rootfs_prepare.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "create/tool.h"
#include "dirstream.h"
#include "inroot.h"
#include "files/inroot_make.h"
#include "files/rootfile.h"

/* No honest account file is larger. */
#define ACCOUNTS_MAX (4UL * 1024 * 1024)

/*
 * rpm sets the owners of directories that it installs, but must not change
 * directories of the host.
 */
static char netsharedpath[] = "# Directories that the container has of the host.\n"
			      "%_netsharedpath /dev:/proc:/sys:/run:/oldRoot:/home:/tmp\n";

/*
 * The container has the host's /dev. Devices of an archive would be open to
 * users whom the host keeps out.
 */
static int empty_dev(int rootfs, struct failure *failure)
{
	int status = dirstream_is_empty(rootfs, "dev");

	if (status > 0 || status == -ENOENT || status == -ENOTDIR || status == -ELOOP)
		return 0;
	if (status < 0)
		return failure_set(failure, status, "cannot look into its /dev");
	status = tool_remove(rootfs, "dev", failure);
	if (status == 0 && mkdirat(rootfs, "dev", 0755) < 0)
		status = failure_set(failure, errno, "cannot make its /dev");
	return status;
}

/* The place of root's password in TEXT if it is empty; otherwise NULL. */
static const char *find_empty_password(const char *text)
{
	static const char line[] = "root::";
	const char *at;

	for (at = strstr(text, line); at; at = strstr(at + 1, line))
		if (at == text || at[-1] == '\n')
			return at + strlen("root:");
	return NULL;
}

/*
 * Returns 1 if root had no password in the file NAME in DIR and is now locked
 * there, 0 if it had one.
 */
static int lock_root_in(int dir, const char *name)
{
	struct rootfile file;
	int status = rootfile_read(dir, name, ACCOUNTS_MAX, &file);
	const char *password = NULL;
	char *longer;
	size_t at;

	if (status == 0 && file.kind == ROOTFILE_REGULAR)
		password = find_empty_password(file.bytes);
	if (password) {
		at = (size_t)(password - file.bytes);
		longer = realloc(file.bytes, file.len + 2);
		status = longer ? 0 : -ENOMEM;
	}
	if (password && longer) {
		memmove(longer + at + 1, longer + at, file.len - at + 1);
		longer[at] = '!';
		file.bytes = longer;
		file.len++;
		status = rootfile_put(dir, name, &file);
	}
	rootfile_clear(&file);
	if (status < 0)
		return status == -ENOENT ? 0 : status;
	return password != NULL;
}

static int lock_root(int rootfs, bool *has_locked_root, struct failure *failure)
{
	static const char *const names[] = {"shadow", "passwd"};
	int locked = 0, dir = inroot_open(rootfs, "/etc", O_RDONLY | O_DIRECTORY);
	size_t i;

	*has_locked_root = false;
	if (dir == -ENOENT || dir == -ENOTDIR)
		return 0;
	if (dir < 0)
		return failure_set(failure, dir, "its /etc");
	for (i = 0; i < sizeof(names) / sizeof(names[0]) && locked >= 0; i++) {
		locked = lock_root_in(dir, names[i]);
		if (locked < 0)
			failure_set(failure, locked, "its /etc/%s", names[i]);
		*has_locked_root = *has_locked_root || locked > 0;
	}
	close(dir);
	return locked < 0 ? locked : 0;
}

static int tell_rpm(int rootfs, struct failure *failure)
{
	const struct rootfile file = {.kind = ROOTFILE_REGULAR,
				      .st.st_mode = 0644,
				      .bytes = netsharedpath,
				      .len = strlen(netsharedpath)};
	struct stat st;
	int dir, status;

	if (inroot_stat(rootfs, "/usr/bin/rpm", &st) < 0)
		return 0;
	dir = inroot_make_dir_here(rootfs, "/etc/rpm");
	status = dir < 0 ? dir : rootfile_put(dir, "macros.lsl", &file);
	if (dir >= 0)
		close(dir);
	return status < 0 ? failure_set(failure, status, "its /etc/rpm/macros.lsl") : 0;
}

int rootfs_prepare(int rootfs, bool *has_locked_root, struct failure *failure)
{
	int status;

	if (fchown(rootfs, 0, 0) < 0 || fchmod(rootfs, 0755) < 0)
		return failure_set(failure, errno, "cannot make its root directory root's");
	status = empty_dev(rootfs, failure);
	if (status == 0)
		status = lock_root(rootfs, has_locked_root, failure);
	return status < 0 ? status : tell_rpm(rootfs, failure);
}
