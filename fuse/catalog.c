/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * inotify(7) tells what changes in MNTDIR: the kernel queues an event within the
 * system call that causes it. (A pin is a mount, which causes none; lsl pins
 * before it writes the record, and removes the record before the pin.) Where
 * there is no MNTDIR, the nearest directory above it is watched. A path that
 * leads to another directory by now, because something was moved or mounted,
 * is seen by stat(2).
 */
#include "config.h"

#include "catalog.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "rundir.h"
#include "pathnames.h"
#include "watch.h"

#define EVENTS (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct instance **instances;
static size_t count;

/* Of the one thread that refreshes. */
static int queue = -1;
static int watch = -1; /* without one, MNTDIR is read for each request */
static struct stat known; /* MNTDIR as it was read last; of inode 0 while there was none */

int catalog_open(void)
{
	queue = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	return queue < 0 ? -errno : queue;
}

/* The table. The lock is held. */

static size_t index_of(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strncmp(instances[i]->name, name, len) == 0 && !instances[i]->name[len])
			break;
	return i;
}

/* The instance with the smallest tag from TAG on, or NULL. */
static struct instance *from_tag(unsigned int tag)
{
	struct instance *first = NULL;
	size_t i;

	for (i = 0; i < count; i++)
		if (instances[i]->tag >= tag && (!first || instances[i]->tag < first->tag))
			first = instances[i];
	return first;
}

static bool is_taken(unsigned int tag)
{
	const struct instance *instance = from_tag(tag);

	return instance && instance->tag == tag;
}

/* A free tag, the same one in every server unless another instance has it. */
static unsigned int choose_tag(uint64_t node)
{
	unsigned int tag = (unsigned int)(node % CATALOG_TAG_MAX) + 1;

	while (is_taken(tag))
		tag = tag % CATALOG_TAG_MAX + 1;
	return tag;
}

static int put_in(struct instance *instance, const struct instance *old)
{
	struct instance **more;

	if (count == CATALOG_TAG_MAX)
		return -ENFILE;
	more = reallocarray(instances, count + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	instances = more;
	/* Readers that are in the middle of it go on there. */
	instance->tag = old && old->node == instance->node ? old->tag : choose_tag(instance->node);
	instances[count++] = instance;
	return 0;
}

/* Reading MNTDIR. */

/*
 * What MNTDIR holds of the container NAME; OLD itself if that is still it. A
 * negative errno.
 */
static int read_instance(int rundir, const char *name, struct instance *old,
			 struct instance **instance)
{
	char *text = malloc(RECORD_SIZE_MAX + 1), file[CONTAINER_NAME_MAX + sizeof(":record")];
	struct record record;
	struct nsfile_id ns;
	struct stat st;
	int nsfd = -1, status = text ? 0 : -ENOMEM;

	/* Before it is read: one that replaces it meanwhile is seen the next time. */
	snprintf(file, sizeof(file), "%s:record", name);
	if (status == 0 && fstatat(rundir, file, &st, AT_SYMLINK_NOFOLLOW) < 0)
		status = -errno;
	if (status == 0)
		status = record_read(rundir, name, text, RECORD_SIZE_MAX + 1, &record);
	if (status == 0)
		status = nsfd = nsfile_open(rundir, name, &record.ns);
	if (status >= 0)
		status = nsfile_identify(nsfd, &ns);
	if (status == 0) {
		*instance = old && instance_is(old, &st, &ns) ? old
							      : instance_new(&record, &st, &ns);
		if (!*instance)
			status = -ENOMEM;
	}
	if (nsfd >= 0)
		close(nsfd);
	free(text);
	return status;
}

static void stop(struct instance *instance, struct instance *successor)
{
	watch_forget(instance);
	worker_stop(instance, successor);
	instance_unref(instance);
}

/* Brings the container NAME up to date. 1 if it has changed. */
static int update(int rundir, const char *name)
{
	struct instance *old, *new = NULL;
	int status;
	size_t i;

	pthread_mutex_lock(&lock);
	i = index_of(name, strlen(name));
	old = i < count ? instances[i] : NULL;
	pthread_mutex_unlock(&lock);
	/* Nobody else takes it out. */
	status = rundir < 0 ? -ENOENT : read_instance(rundir, name, old, &new);
	if (status == 0 && new == old)
		return 0;
	pthread_mutex_lock(&lock);
	if (old)
		instances[i] = instances[--count];
	if (new)
		status = put_in(new, old);
	pthread_mutex_unlock(&lock);
	if (new &&status < 0) {
		instance_unref(new);
		new = NULL;
	}
	if (status < 0 && status != -ENOENT)
		log_line(LOG_WARNING,
			 "%s is not listed: its record or its namespace in %s cannot be used: %s",
			 name, PATH_MNTDIR, strerror(-status));
	if (old)
		stop(old, new);
	return old || new;
}

struct scan {
	int rundir;
	bool has_changed;
};

static int update_one(const char *name, void *arg)
{
	struct scan *found = arg;

	found->has_changed |= update(found->rundir, name);
	return 0;
}

/* Containers that are gone first, then those that are there. */
static bool scan(void)
{
	struct scan found = {.rundir = rundir_open()};
	char name[CONTAINER_NAME_MAX + 1];
	struct instance *instance;
	unsigned int tag = 0;
	int status = 0;

	while ((instance = catalog_from_tag(tag))) {
		tag = instance->tag + 1;
		strcpy(name, instance->name);
		instance_unref(instance);
		found.has_changed |= update(found.rundir, name);
	}
	if (found.rundir < 0 && found.rundir != -ENOENT)
		status = found.rundir;
	if (found.rundir >= 0) {
		status = rundir_visit(found.rundir, update_one, &found);
		close(found.rundir);
	}
	if (status < 0)
		log_line(LOG_ERR, "cannot read %s: %s", PATH_MNTDIR, strerror(-status));
	return found.has_changed;
}

/* Watches MNTDIR, or the nearest directory above it that is there. */
static void rewatch(void)
{
	static bool has_complained;
	char path[] = PATH_MNTDIR;
	size_t len = strlen(path);
	int wd;

	while ((wd = inotify_add_watch(queue, path, EVENTS | IN_ONLYDIR)) < 0 && len > 1) {
		while (len > 1 && path[len - 1] != '/')
			len--;
		if (len > 1)
			len--;
		path[len] = '\0';
	}
	if (wd < 0 && !has_complained)
		log_line(LOG_ERR, "cannot watch for %s: %s", PATH_MNTDIR, strerror(errno));
	has_complained = wd < 0;
	if (watch >= 0 && watch != wd)
		inotify_rm_watch(queue, watch);
	watch = wd;
}

static struct stat look(void)
{
	struct stat st;

	if (stat(PATH_MNTDIR, &st) < 0)
		st = (struct stat){.st_ino = 0};
	return st;
}

bool catalog_refresh(void)
{
	struct stat now = look();
	bool is_old = watch < 0 || now.st_dev != known.st_dev || now.st_ino != known.st_ino;
	char events[4096];

	while (read(queue, events, sizeof(events)) > 0)
		is_old = true;
	if (!is_old)
		return false;
	/* Watched first, so that nothing is missed in between. */
	rewatch();
	known = look();
	return scan();
}

static struct instance *ref_at(size_t i)
{
	return i < count ? instance_ref(instances[i]) : NULL;
}

struct instance *catalog_by_name(const char *name, size_t len)
{
	struct instance *instance;

	pthread_mutex_lock(&lock);
	instance = ref_at(index_of(name, len));
	pthread_mutex_unlock(&lock);
	return instance;
}

struct instance *catalog_by_node(uint64_t node)
{
	struct instance *instance;
	size_t i;

	pthread_mutex_lock(&lock);
	for (i = 0; i < count && instances[i]->node != node; i++)
		;
	instance = ref_at(i);
	pthread_mutex_unlock(&lock);
	return instance;
}

struct instance *catalog_from_tag(unsigned int tag)
{
	struct instance *instance;

	pthread_mutex_lock(&lock);
	instance = from_tag(tag);
	if (instance)
		instance_ref(instance);
	pthread_mutex_unlock(&lock);
	return instance;
}
