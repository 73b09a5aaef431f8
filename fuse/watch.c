/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "monotonic.h"
#include "cmdset.h"
#include "log.h"
#include "policy.h"
#include "search_visit.h"

#define NAME_EVENTS (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB)
#define LOST_EVENTS (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT)

static int queue = -1;

/*
 * The watched bins. One directory may be in the bins of several containers, and
 * twice in those of one, with the same watch.
 */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct bin *watched;
static unsigned int losses; /* the number of lost watches */

int watch_open(void)
{
	queue = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	return queue < 0 ? -errno : queue;
}

/*
 * The lock is held. Removes BIN from the list, and its watch if no other bin
 * has it.
 */
static void unwatch(struct bin *bin)
{
	struct bin **link, *other;

	if (bin->wd < 0)
		return;
	for (link = &watched; *link && *link != bin; link = &(*link)->next)
		;
	if (*link)
		*link = bin->next;
	for (other = watched; other && other->wd != bin->wd; other = other->next)
		;
	if (!other)
		inotify_rm_watch(queue, bin->wd);
	bin->wd = -1;
}

/* Events. The lock is held. */

static bool take_overflow(void)
{
	static uint64_t told;
	struct bin *bin;

	for (bin = watched; bin; bin = bin->next)
		cmdset_changed(bin->cmdset);
	if (told == 0 || monotonic_ns() - told > 60 * NS_PER_SECOND)
		log_line(
			LOG_WARNING,
			"too many changes at once for the kernel's queue; everything is looked up again (raise fs.inotify.max_queued_events)");
	told = monotonic_ns();
	return true;
}

static bool take_event_of(struct bin *bin, const struct inotify_event *event)
{
	if (event->len && bin->file && strcmp(bin->file, event->name) != 0)
		return false;
	cmdset_changed(bin->cmdset);
	if (event->mask & LOST_EVENTS) {
		atomic_store(&bin->cmdset->must_look, true);
		unwatch(bin);
	}
	/* The kernel has no negative entries of commands. */
	return !(event->mask & IN_CREATE);
}

static bool take_event(const struct inotify_event *event)
{
	struct bin *bin, *next;
	bool has_gone = false;

	if (event->mask & IN_Q_OVERFLOW)
		return take_overflow();
	losses += (event->mask & LOST_EVENTS) != 0;
	for (bin = watched; bin; bin = next) {
		next = bin->next;
		if (bin->wd == event->wd)
			has_gone |= take_event_of(bin, event);
	}
	return has_gone;
}

bool watch_drain(void)
{
	union {
		struct inotify_event event;
		char bytes[8192];
	} buffer;
	const struct inotify_event *event;
	bool has_gone = false;
	ssize_t n, i;

	while ((n = read(queue, &buffer, sizeof(buffer))) > 0) {
		pthread_mutex_lock(&lock);
		for (i = 0; i < n; i += (ssize_t)(sizeof(*event) + event->len)) {
			event = (const void *)(buffer.bytes + i);
			has_gone |= take_event(event);
		}
		pthread_mutex_unlock(&lock);
	}
	return has_gone;
}

/* Looking. */

/*
 * Watches DIR, a descriptor, for BIN. inotify(7) takes a path, and none leads
 * there, so DIR becomes the working directory of this thread.
 */
static int watch_directory(struct bin *bin, int dir, const char *file)
{
	int wd, status = fchdir(dir) < 0 ? -errno : 0;
	unsigned int before;

	if (status < 0)
		return status;
	pthread_mutex_lock(&lock);
	before = losses;
	pthread_mutex_unlock(&lock);
	wd = inotify_add_watch(queue, ".",
			       NAME_EVENTS | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
	if (wd < 0)
		status = -errno;
	/* Otherwise mounts below it could not be unmounted. */
	if (fchdir(bin->cmdset->root) < 0 && status == 0)
		status = -errno;
	pthread_mutex_lock(&lock);
	if (wd >= 0 && wd != bin->wd) {
		unwatch(bin);
		bin->wd = wd;
		bin->next = watched;
		watched = bin;
	}
	bin->file = file;
	/* The lost watch may have been this one, before it was in the list. */
	if (losses != before)
		atomic_store(&bin->cmdset->must_look, true);
	pthread_mutex_unlock(&lock);
	return status;
}

/* A single file: the watch of its directory reports changes of its name. */
static int watch_file(struct bin *bin)
{
	const char *slash = strrchr(bin->path, '/');
	char *dir = strndup(bin->path, slash == bin->path ? 1 : (size_t)(slash - bin->path));
	int fd, status;

	if (!dir)
		return -ENOMEM;
	fd = search_open(bin->cmdset->root, dir, O_PATH | O_DIRECTORY);
	free(dir);
	if (fd < 0)
		return fd;
	status = watch_directory(bin, fd, slash + 1);
	close(fd);
	return status;
}

static void complain(const struct bin *bin, int status)
{
	struct cmdset *cmdset = bin->cmdset;

	if (!cmdset->has_complained)
		log_line(
			LOG_WARNING,
			"%s: changes in %s cannot be watched: %s%s; every look reads the directory instead",
			cmdset->name, bin->path, strerror(-status),
			status == -ENOSPC ? " (raise fs.inotify.max_user_watches)" : "");
	cmdset->has_complained = true;
}

/*
 * Whether BIN is another directory or file than before. Clears *IS_WATCHED if
 * it cannot be watched.
 */
static bool look_at(struct bin *bin, bool must_watch, bool *is_watched)
{
	struct stat st = {.st_ino = 0};
	int fd = search_open(bin->cmdset->root, bin->path, O_PATH);
	bool is_same;
	int status = 0;

	if (fd >= 0 && fstat(fd, &st) < 0)
		st.st_ino = 0;
	is_same = bin->is_known && bin->dev == st.st_dev && bin->ino == st.st_ino;
	if (!is_same || must_watch) {
		if (S_ISDIR(st.st_mode))
			status = watch_directory(bin, fd, NULL);
		else if (S_ISREG(st.st_mode))
			status = watch_file(bin);
		bin->dev = st.st_dev;
		bin->ino = st.st_ino;
		bin->is_known = true;
	}
	if (status < 0) {
		complain(bin, status);
		*is_watched = false;
	}
	if (fd >= 0)
		close(fd);
	return !is_same;
}

void watch_look(struct cmdset *cmdset)
{
	bool must_watch = atomic_exchange(&cmdset->must_look, false);
	bool has_changed = must_watch, is_watched = true;
	size_t i;

	must_watch |= !atomic_load(&cmdset->is_watched);
	for (i = 0; i < cmdset->bin_count; i++)
		has_changed |= look_at(&cmdset->bin[i], must_watch, &is_watched);
	if (has_changed || is_watched != atomic_load(&cmdset->is_watched))
		cmdset_changed(cmdset);
	atomic_store(&cmdset->is_watched, is_watched);
}

void watch_forget(struct cmdset *cmdset)
{
	size_t i;

	pthread_mutex_lock(&lock);
	for (i = 0; i < cmdset->bin_count; i++)
		unwatch(&cmdset->bin[i]);
	pthread_mutex_unlock(&lock);
}
