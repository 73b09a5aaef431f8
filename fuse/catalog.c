/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * inotify queues an event within the system call that causes it. So to read
 * the queue until it is empty is to know everything that happened before, and a
 * request that does so first is never answered from the past.
 *
 * lsl pins the namespace before it writes the record, and removes the record
 * before the pin; a pin is a mount, of which inotify says nothing. So records
 * are what is looked at.
 *
 * Two watches: one on MNTDIR, while it is there, and one on what is above: the
 * nearest directory that exists, for the next component on the way to
 * MNTDIR. MNTDIR is opened anew each time: lsl mounts it on itself, and a
 * descriptor from before would show it without the pins. It is not kept open,
 * because then lsl could not unmount it.
 */
#include "config.h"

#include "catalog.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "eyes.h"
#include "log.h"
#include "mntdir.h"
#include "pathnames.h"

#define RECORD_EVENTS \
	(IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CLOSE_WRITE | IN_ATTRIB)
#define SELF_EVENTS (IN_DELETE_SELF | IN_MOVE_SELF)
#define GONE_EVENTS (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT)

struct catalog {
	pthread_mutex_t lock;
	void (*changed)(struct started *old, struct started *new, void *arg);
	void *arg;
	struct started **started; /* by tag */
	size_t count, size;

	bool was_read; /* for the first time */
	int queue;
	int own; /* the watch on MNTDIR, or -1 */
	int above; /* the watch on the directory that AWAITED appears or vanishes in */
	char awaited[NAME_MAX + 1];
};

static size_t index_from_tag(const struct catalog *catalog, unsigned int tag)
{
	size_t low = 0, high = catalog->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (catalog->started[middle]->tag >= tag)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* A free tag, the same one as ever unless somebody else has it. */
static unsigned int choose_tag(const struct catalog *catalog, uint64_t node)
{
	unsigned int tag = (unsigned int)(node % CATALOG_TAG_MAX) + 1;
	size_t i = index_from_tag(catalog, tag);

	while (i < catalog->count && catalog->started[i]->tag == tag) {
		i++;
		tag++;
		if (tag > CATALOG_TAG_MAX) {
			tag = 1;
			i = 0;
		}
	}
	return tag;
}

static size_t index_of(const struct catalog *catalog, const char *name)
{
	size_t i;

	for (i = 0; i < catalog->count; i++)
		if (strcmp(catalog->started[i]->name, name) == 0)
			break;
	return i;
}

static void take_out(struct catalog *catalog, size_t i)
{
	catalog->count--;
	memmove(catalog->started + i, catalog->started + i + 1,
		(catalog->count - i) * sizeof(catalog->started[0]));
}

static int put_in(struct catalog *catalog, struct started *started)
{
	struct started **more;
	size_t i;

	if (catalog->count == CATALOG_TAG_MAX)
		return -ENFILE;
	if (catalog->count == catalog->size) {
		more = reallocarray(catalog->started, catalog->size + 16, sizeof(*more));
		if (!more)
			return -ENOMEM;
		catalog->started = more;
		catalog->size += 16;
	}
	if (!started->tag)
		started->tag = choose_tag(catalog, started->node);
	i = index_from_tag(catalog, started->tag);
	memmove(catalog->started + i + 1, catalog->started + i,
		(catalog->count - i) * sizeof(catalog->started[0]));
	catalog->started[i] = started;
	catalog->count++;
	return 0;
}

static void let_go(struct started *started)
{
	started_unuse(started);
	started_unref(started);
}

/* Brings the container NAME up to date. */
static int update(const char *name, void *arg)
{
	struct catalog *catalog = arg;
	size_t i = index_of(catalog, name);
	struct started *old = i < catalog->count ? catalog->started[i] : NULL;
	struct started *new = NULL;
	int mntdir = mntdir_open();
	int status = mntdir < 0 ? mntdir : started_open(mntdir, name, old, &new);

	if (mntdir >= 0)
		close(mntdir);
	if (status == 0 && new == old)
		return 0;
	if (old)
		take_out(catalog, i);
	if (status == 0) {
		status = put_in(catalog, new);
		if (status < 0) {
			let_go(new);
			new = NULL;
		}
	}
	if (status < 0 && status != -ENOENT)
		log_line(LOG_WARNING,
			 "%s is not listed: its record or its namespace in %s cannot be used: %s",
			 name, PATH_MNTDIR, strerror(-status));
	if (old || new)
		catalog->changed(old, new, catalog->arg);
	if (old)
		let_go(old);
	return 0;
}

/* Watches the directory that the LEN bytes of MNTDIR's path lead to the last component in. */
static int watch_above(struct catalog *catalog, size_t len)
{
	char path[] = PATH_MNTDIR;
	char *slash;
	int wd;

	path[len] = '\0';
	slash = strrchr(path, '/');
	snprintf(catalog->awaited, sizeof(catalog->awaited), "%s", slash + 1);
	slash[slash == path] = '\0';
	wd = inotify_add_watch(catalog->queue, path,
			       IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_MOVED_FROM | SELF_EVENTS |
				       IN_ONLYDIR);
	return wd < 0 ? -errno : wd;
}

/* The length of the next shorter prefix of MNTDIR's path, 0 after that of "/x". */
static size_t shorter(size_t len)
{
	static const char path[] = PATH_MNTDIR;

	while (path[len - 1] != '/')
		len--;
	return len - 1;
}

static bool prefix_is_there(size_t len)
{
	char path[] = PATH_MNTDIR;

	path[len] = '\0';
	return access(path, F_OK) == 0;
}

/* The watch on what is above MNTDIR, as far down as directories are there now. */
static int watch_nearest(struct catalog *catalog)
{
	size_t len;
	int wd;

	do {
		len = strlen(PATH_MNTDIR);
		do
			wd = watch_above(catalog, len);
		while (wd < 0 && (len = shorter(len)));
		/* What appeared just before the watch was there is not in the queue. */
	} while (wd >= 0 && len < strlen(PATH_MNTDIR) && prefix_is_there(len));
	return wd;
}

static void unwatch(struct catalog *catalog, int *wd, int new)
{
	if (*wd >= 0 && *wd != new)
		inotify_rm_watch(catalog->queue, *wd);
	*wd = new;
}

static void rewatch(struct catalog *catalog)
{
	int above = watch_nearest(catalog);
	int own = inotify_add_watch(catalog->queue, PATH_MNTDIR,
				    RECORD_EVENTS | SELF_EVENTS | IN_ONLYDIR);

	if (above < 0)
		log_line(LOG_ERR, "cannot watch for %s: %s", PATH_MNTDIR, strerror(-above));
	unwatch(catalog, &catalog->above, above);
	unwatch(catalog, &catalog->own, own);
}

/* Everything anew: containers that are gone, then those that are there. */
static void rescan(struct catalog *catalog)
{
	char name[CONTAINER_NAME_MAX + 1];
	unsigned int tag = 0;
	int mntdir;
	size_t i;

	rewatch(catalog);
	while ((i = index_from_tag(catalog, tag)) < catalog->count) {
		tag = catalog->started[i]->tag + 1;
		strcpy(name, catalog->started[i]->name);
		update(name, catalog);
	}
	mntdir = mntdir_open();
	if (mntdir < 0)
		return;
	mntdir_visit(mntdir, update, catalog);
	close(mntdir);
}

/* Whether EVENT means that everything has to be looked at anew; a record's is dealt with. */
static bool handle(struct catalog *catalog, const struct inotify_event *event)
{
	char name[CONTAINER_NAME_MAX + 1];
	size_t len;

	if (event->mask & IN_Q_OVERFLOW)
		return true;
	if (event->wd == catalog->above)
		return (event->mask & GONE_EVENTS) ||
		       (event->len && strcmp(event->name, catalog->awaited) == 0);
	if (event->wd != catalog->own)
		return false;
	if (event->mask & GONE_EVENTS)
		return true;
	len = event->len ? record_name_of(event->name) : 0;
	if (len) {
		memcpy(name, event->name, len);
		name[len] = '\0';
		update(name, catalog);
	}
	return false;
}

void catalog_refresh(struct catalog *catalog)
{
	union {
		struct inotify_event event;
		char bytes[4096];
	} buffer;
	const struct inotify_event *event;
	bool must_rescan = false, has_looked = false;
	ssize_t n, i;

	pthread_mutex_lock(&catalog->lock);
	if (!catalog->was_read) {
		catalog->was_read = has_looked = true;
		eyes_of_root();
		rescan(catalog);
	}
	while ((n = read(catalog->queue, &buffer, sizeof(buffer))) > 0) {
		if (!has_looked)
			eyes_of_root();
		has_looked = true;
		for (i = 0; i < n; i += (ssize_t)(sizeof(*event) + event->len)) {
			event = (const void *)(buffer.bytes + i);
			must_rescan |= handle(catalog, event);
		}
		/* What the new watches tell is in the queue again. */
		if (must_rescan)
			rescan(catalog);
		must_rescan = false;
	}
	if (has_looked)
		eyes_of_nobody();
	pthread_mutex_unlock(&catalog->lock);
}

int catalog_new(struct catalog **catalog,
		void (*changed)(struct started *old, struct started *new, void *arg), void *arg)
{
	struct catalog *new = calloc(1, sizeof(*new));
	int err;

	if (!new)
		return -ENOMEM;
	new->queue = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (new->queue < 0) {
		err = errno;
		free(new);
		return -err;
	}
	pthread_mutex_init(&new->lock, NULL);
	new->changed = changed;
	new->arg = arg;
	new->own = new->above = -1;
	*catalog = new;
	return 0;
}

int catalog_fd(const struct catalog *catalog)
{
	return catalog->queue;
}

struct started *catalog_by_name(struct catalog *catalog, const char *name)
{
	struct started *started = NULL;
	size_t i;

	pthread_mutex_lock(&catalog->lock);
	i = index_of(catalog, name);
	if (i < catalog->count)
		started = started_ref(catalog->started[i]);
	pthread_mutex_unlock(&catalog->lock);
	return started;
}

struct started *catalog_by_node(struct catalog *catalog, uint64_t node)
{
	struct started *started = NULL;
	size_t i;

	pthread_mutex_lock(&catalog->lock);
	for (i = 0; i < catalog->count && !started; i++)
		if (catalog->started[i]->node == node)
			started = started_ref(catalog->started[i]);
	pthread_mutex_unlock(&catalog->lock);
	return started;
}

struct started *catalog_from_tag(struct catalog *catalog, unsigned int tag)
{
	struct started *started = NULL;
	size_t i;

	pthread_mutex_lock(&catalog->lock);
	i = index_from_tag(catalog, tag);
	if (i < catalog->count)
		started = started_ref(catalog->started[i]);
	pthread_mutex_unlock(&catalog->lock);
	return started;
}
