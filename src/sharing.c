/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sharing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mountinfo.h"
#include "pathnames.h"
#include "trace.h"

/*
 * One line for each changed mount, "private ID MOUNTPOINT" or "slave ID
 * MOUNTPOINT". An ID alone is not enough: the kernel gives it to another mount later.
 * The colon keeps the name apart from all containers'.
 */
#define LIST ":shared"

static bool is_below(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return strncmp(path, dir, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

/* A mount with another one on top cannot be reached by its path, nor can anything be mounted in it. */
static bool is_on_top(const struct mountinfo *mnt)
{
	struct statx st;

	return statx(AT_FDCWD, mnt->mount_point, AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC, STATX_MNT_ID,
		     &st) == 0 &&
	       st.stx_mnt_id == (uint64_t)mnt->id;
}

static int share(const struct mountinfo *mnt, void *arg)
{
	FILE *list = arg;

	if (mnt->is_shared || mnt->is_unbindable || is_below(mnt->mount_point, PATH_MNTDIR) ||
	    is_below(mnt->mount_point, PATH_LINKSDIR) || strchr(mnt->mount_point, '\n') ||
	    !is_on_top(mnt))
		return 0;
	/* Noted first: a start that is killed here leaves a note too many, not a change too many. */
	if (fprintf(list, "%s %d %s\n", mnt->is_slave ? "slave" : "private", mnt->id,
		    mnt->mount_point) < 0 ||
	    fflush(list) != 0)
		return -EIO;
	trace("make shared %s", mnt->mount_point);
	if (mount(NULL, mnt->mount_point, NULL, MS_SHARED, NULL) < 0)
		trace("cannot make %s shared: %s", mnt->mount_point, strerror(errno));
	return 0;
}

static int open_list(int mntdir, int flags, const char *mode, FILE **list)
{
	int fd = openat(mntdir, LIST, flags | O_NOFOLLOW | O_CLOEXEC, 0644);
	int err;

	*list = fd < 0 ? NULL : fdopen(fd, mode);
	if (*list)
		return 0;
	err = errno;
	if (fd >= 0)
		close(fd);
	return -err;
}

int sharing_begin(int mntdir)
{
	FILE *list, *table = fopen("/proc/self/mountinfo", "re");
	int status;

	if (!table)
		return -errno;
	status = open_list(mntdir, O_WRONLY | O_CREAT | O_APPEND, "a", &list);
	if (status == 0) {
		status = mountinfo_visit(table, share, list);
		if (fclose(list) != 0 && status == 0)
			status = -errno;
	}
	fclose(table);
	return status;
}

struct noted {
	int id;
	const char *mount_point;
};

static int is_noted(const struct mountinfo *mnt, void *arg)
{
	const struct noted *noted = arg;

	return mnt->id == noted->id && mnt->is_shared &&
	       strcmp(mnt->mount_point, noted->mount_point) == 0;
}

static void unshare_one(char *line)
{
	FILE *table = fopen("/proc/self/mountinfo", "re");
	struct noted noted;
	char kind[8];
	int offset = 0;

	if (!table)
		return;
	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, "%7s %d %n", kind, &noted.id, &offset) == 2 && offset) {
		noted.mount_point = line + offset;
		if (mountinfo_visit(table, is_noted, &noted) == 1) {
			trace("make %s again %s", kind, noted.mount_point);
			if (mount(NULL, noted.mount_point, NULL,
				  strcmp(kind, "slave") == 0 ? MS_SLAVE : MS_PRIVATE, NULL) < 0)
				trace("cannot: %s", strerror(errno));
		}
	}
	fclose(table);
}

int sharing_end(int mntdir)
{
	char line[4096 + 64];
	FILE *list;
	int status = open_list(mntdir, O_RDONLY, "r", &list);

	if (status < 0)
		return status == -ENOENT ? 0 : status;
	while (fgets(line, sizeof(line), list))
		unshare_one(line);
	fclose(list);
	return unlinkat(mntdir, LIST, 0) < 0 ? -errno : 0;
}
