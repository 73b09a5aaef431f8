/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * inotify(7) reports changes in MNTDIR: the kernel queues an event within the
 * system call that causes it. (A pin is a mount, which causes none; lsl pins
 * before it writes the record, and removes the record before the pin.) Without
 * a MNTDIR, the nearest directory above it is watched. stat(2) shows when the
 * path leads to another directory, because something was moved or mounted.
 */
#define FUSE_USE_VERSION 35

#include "config.h"

#include "catalog.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hash.h"
#include "log.h"
#include "lslfs.h"
#include "monotonic.h"
#include "nsfile_identify.h"
#include "pathnames.h"
#include "rundir.h"
#include "rundir_visit.h"

#define EVENTS (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF)

/* No event says that files can be opened again, or that memory is free. */
#define REPEAT_MS 1000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct cmdset *first; /* by their node ids */

/* Only the one thread that refreshes uses these. */
static int queue = -1;
static bool has_changed; /* the last scan has found a change */
/* It has met a failure and is repeated then, by monotonic_ms. 0: it has not. */
static long repeat_at;
static bool is_repeated; /* it was such a repetition */
static int watch = -1; /* without one, MNTDIR is read for each request */
/* MNTDIR as it was last read; inode 0 while there was none */
static struct stat known;

int catalog_open(void)
{
	queue = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	return queue < 0 ? -errno : queue;
}

/* The list. The lock is held. */

/* The link to the first command set whose node id is NODE or greater. */
static struct cmdset **place_of_node(uint64_t node)
{
	struct cmdset **link;

	for (link = &first; *link && (*link)->node < node; link = &(*link)->next)
		;
	return link;
}

/* A later server chooses the same id, unless another command set has it. */
static void put_in(struct cmdset *cmdset)
{
	uint64_t hash = hash_bytes(HASH_BEGIN, cmdset->name, strlen(cmdset->name));
	struct cmdset **link;

	hash = hash_bytes(hash, &cmdset->ns.ino, sizeof(cmdset->ns.ino));
	do {
		cmdset->node = LSLFS_CONTAINERS + hash++ % (LSLFS_NODE_MAX - LSLFS_CONTAINERS);
		link = place_of_node(cmdset->node);
	} while (*link && (*link)->node == cmdset->node);
	cmdset->next = *link;
	*link = cmdset;
}

/* Reading MNTDIR. */

/*
 * Makes the command set of the container NAME, whose record is the file ST.
 * Returns 0 or a negative errno.
 */
static int load_cmdset(int rundir, const char *name, const struct stat *st, struct cmdset **cmdset)
{
	char *text = malloc(RECORD_SIZE_MAX + 1);
	struct record record;
	struct nsfile_id ns;
	int nsfd = -1, status = text ? 0 : -ENOMEM;

	if (status == 0)
		status = record_read(rundir, name, text, RECORD_SIZE_MAX + 1, &record);
	if (status == 0)
		status = nsfd = cmdset_namespace(rundir, name, &record.ns);
	if (status >= 0)
		status = nsfile_identify(nsfd, &ns);
	if (status == 0) {
		*cmdset = cmdset_new(&record, st, &ns);
		status = *cmdset ? 0 : -ENOMEM;
	}
	if (nsfd >= 0)
		close(nsfd);
	free(text);
	return status;
}

/* CURRENT replaces OLD; either may be NULL. Returns whether there is one. */
static bool replace_cmdset(struct cmdset *old, struct cmdset *current)
{
	pthread_mutex_lock(&lock);
	if (old)
		*place_of_node(old->node) = old->next;
	if (current)
		put_in(current);
	pthread_mutex_unlock(&lock);
	cmdset_unref(old);
	return old || current;
}

/*
 * Whether STATUS is a failure to report. The scan is repeated then, and reports
 * nothing again.
 */
static bool is_new_failure(int status)
{
	if (status >= 0 || status == -ENOENT)
		return false;
	repeat_at = monotonic_ms() + REPEAT_MS;
	return !is_repeated;
}

/* Brings the container NAME up to date. */
static int update_cmdset(const char *name, void *arg)
{
	const int *rundir = arg;
	struct cmdset *old = catalog_by_name(name, strlen(name)), *current = NULL;
	struct record_path file = record_path(name, RECORD_SUFFIX);
	int status = *rundir < 0 ? *rundir : 0;
	struct stat st;

	/*
	 * stat(2) before the read, so that the next scan sees a record that
	 * replaces this one meanwhile.
	 */
	if (status == 0 && fstatat(*rundir, file.text, &st, AT_SYMLINK_NOFOLLOW) < 0)
		status = -errno;
	if (status == 0)
		status = old && cmdset_is(old, &st) ? 1 : load_cmdset(*rundir, name, &st, &current);
	if (status <= 0)
		has_changed |= replace_cmdset(old, current);
	if (is_new_failure(status))
		log_line(LOG_WARNING,
			 "%s is not listed: its record or its namespace in %s cannot be used: %s",
			 name, PATH_MNTDIR, strerror(-status));
	cmdset_unref(old);
	return 0;
}

/* First removes stopped containers, then updates the others. */
static void scan(void)
{
	int status, rundir = rundir_open();
	struct cmdset *cmdset;
	uint64_t node = 0;

	while ((cmdset = catalog_from(node))) {
		node = cmdset->node + 1;
		update_cmdset(cmdset->name, &rundir);
		cmdset_unref(cmdset);
	}
	status = rundir < 0 ? rundir : rundir_visit(rundir, update_cmdset, &rundir);
	(void)update_cmdset(HOST_NAME, &rundir);
	if (rundir >= 0)
		close(rundir);
	if (is_new_failure(status))
		log_line(LOG_ERR, "cannot read %s: %s", PATH_MNTDIR, strerror(-status));
}

/* Watches MNTDIR, or the nearest directory above it that exists. */
static void rewatch(void)
{
	static bool has_complained;
	char path[] = PATH_MNTDIR, *slash;
	int wd;

	while ((wd = inotify_add_watch(queue, path, EVENTS | IN_ONLYDIR)) < 0 && path[1]) {
		slash = strrchr(path, '/');
		/* "/" itself stays. */
		slash[slash == path] = '\0';
	}
	if (wd < 0 && !has_complained)
		log_line(LOG_ERR, "cannot watch for %s: %s", PATH_MNTDIR, strerror(errno));
	has_complained = wd < 0;
	if (watch >= 0 && watch != wd)
		inotify_rm_watch(queue, watch);
	watch = wd;
}

static struct stat look_at_mntdir(void)
{
	struct stat st;

	if (stat(PATH_MNTDIR, &st) < 0)
		st = (struct stat){.st_ino = 0};
	return st;
}

bool catalog_refresh(void)
{
	struct stat now = look_at_mntdir();
	bool is_old = watch < 0 || now.st_dev != known.st_dev || now.st_ino != known.st_ino;
	char events[4096];

	while (read(queue, events, sizeof(events)) > 0)
		is_old = true;
	if (!is_old && (!repeat_at || monotonic_ms() < repeat_at))
		return false;
	is_repeated = !is_old;
	repeat_at = 0;
	/* Watch first, so that no change in between is missed. */
	rewatch();
	known = look_at_mntdir();
	has_changed = false;
	scan();
	return has_changed;
}

int catalog_timeout(void)
{
	long left = repeat_at - monotonic_ms();

	if (!repeat_at)
		return -1;
	return left > 0 ? (int)left : 0;
}

struct cmdset *catalog_by_name(const char *name, size_t len)
{
	struct cmdset *cmdset;

	pthread_mutex_lock(&lock);
	for (cmdset = first; cmdset; cmdset = cmdset->next)
		if (strncmp(cmdset->name, name, len) == 0 && !cmdset->name[len])
			break;
	cmdset_ref(cmdset);
	pthread_mutex_unlock(&lock);
	return cmdset;
}

struct cmdset *catalog_from(uint64_t node)
{
	struct cmdset *cmdset;

	pthread_mutex_lock(&lock);
	cmdset = cmdset_ref(*place_of_node(node));
	pthread_mutex_unlock(&lock);
	return cmdset;
}

struct cmdset *catalog_by_node(uint64_t node)
{
	struct cmdset *cmdset = catalog_from(node);

	if (!cmdset || cmdset->node == node)
		return cmdset;
	cmdset_unref(cmdset);
	return NULL;
}
