/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mount/propagation.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "mountinfo.h"
#include "pathnames.h"
#include "base/debug.h"
#include "files/pathtext.h"

/*
 * One line for each changed mount, "private ID MOUNTPOINT" or "slave ID
 * MOUNTPOINT". An ID alone is not enough, because the kernel reuses it for
 * another mount later. The colon keeps the name apart from all containers'.
 */
#define LIST ":shared"

static void change_propagation(int fd, const char *mount_point, unsigned long propagation)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (mount(NULL, path, NULL, propagation, NULL) < 0)
		debug("cannot change %s: %s", mount_point, strerror(errno));
}

static int share(const struct mountinfo *mnt, void *arg)
{
	FILE *list = arg;
	int fd;

	if (mnt->is_shared || mnt->is_unbindable ||
	    path_is_at_or_below(mnt->mount_point, PATH_MNTDIR) ||
	    path_is_at_or_below(mnt->mount_point, PATH_LINKSDIR) || strchr(mnt->mount_point, '\n'))
		return 0;
	fd = mountinfo_open(mnt);
	if (fd < 0)
		return 0;
	/*
	 * The note comes first: a start that is killed here leaves a note
	 * without a change, never a change without a note.
	 */
	if (fprintf(list, "%s %d %s\n", mnt->is_slave ? "slave" : "private", mnt->id,
		    mnt->mount_point) < 0 ||
	    fflush(list) != 0) {
		close(fd);
		return -EIO;
	}
	debug("make shared %s", mnt->mount_point);
	change_propagation(fd, mnt->mount_point, MS_SHARED);
	close(fd);
	return 0;
}

static int open_list(int rundir, int flags, const char *mode, FILE **list)
{
	int fd = openat(rundir, LIST, flags | O_NOFOLLOW | O_CLOEXEC, 0644);
	int err;

	*list = fd < 0 ? NULL : fdopen(fd, mode);
	if (*list)
		return 0;
	err = errno;
	if (fd >= 0)
		close(fd);
	return -err;
}

int propagation_begin(int rundir)
{
	FILE *list;
	int status = open_list(rundir, O_WRONLY | O_CREAT | O_APPEND, "a", &list);

	if (status < 0)
		return status;
	status = mountinfo_visit_own(share, list);
	if (fclose(list) != 0 && status == 0)
		status = -errno;
	return status;
}

struct noted {
	int id;
	const char *mount_point;
	unsigned long propagation;
};

static int restore_if_noted(const struct mountinfo *mnt, void *arg)
{
	const struct noted *noted = arg;
	int fd;

	if (mnt->id != noted->id || !mnt->is_shared ||
	    strcmp(mnt->mount_point, noted->mount_point) != 0)
		return 0;
	fd = mountinfo_open(mnt);
	if (fd < 0)
		return 1;
	debug("no longer make shared %s", noted->mount_point);
	change_propagation(fd, noted->mount_point, noted->propagation);
	close(fd);
	return 1;
}

static void unshare_one(char *line)
{
	struct noted noted;
	char kind[8];
	int offset = 0;

	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, "%7s %d %n", kind, &noted.id, &offset) == 2 && offset) {
		noted.mount_point = line + offset;
		noted.propagation = strcmp(kind, "slave") == 0 ? MS_SLAVE : MS_PRIVATE;
		mountinfo_visit_own(restore_if_noted, &noted);
	}
}

int propagation_end(int rundir)
{
	char line[4096 + 64];
	FILE *list;
	int status = open_list(rundir, O_RDONLY, "r", &list);

	if (status < 0)
		return status == -ENOENT ? 0 : status;
	while (fgets(line, sizeof(line), list))
		unshare_one(line);
	fclose(list);
	return unlinkat(rundir, LIST, 0) < 0 ? -errno : 0;
}
