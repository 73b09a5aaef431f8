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

#include "cmdset.h"
#include "inroot.h"
#include "log.h"

#define NAME_EVENTS (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB)
#define LOST_EVENTS (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT)

static int queue = -1;

/*
 * The watched bins. One directory may be in the bins of several containers, and
 * twice in those of one, with the same watch.
 */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct bin *watched;

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

static void take_overflow(void)
{
	struct bin *bin;

	for (bin = watched; bin; bin = bin->next)
		cmdset_changed(bin->cmdset);
	log_line(
		LOG_WARNING,
		"too many changes at once for the kernel's queue; everything is looked up again (raise fs.inotify.max_queued_events)");
}

/* These return whether a name that the kernel keeps may have gone. */

static bool take_event_of(struct bin *bin, const struct inotify_event *event)
{
	if (event->len && bin->file && strcmp(bin->file, event->name) != 0)
		return false;
	cmdset_changed(bin->cmdset);
	if (event->mask & LOST_EVENTS) {
		atomic_store(&bin->cmdset->must_look, true);
		unwatch(bin);
	}
	/* The kernel keeps no missing commands. */
	return !(event->mask & IN_CREATE);
}

static bool take_event(const struct inotify_event *event)
{
	bool has_gone = event->mask & IN_Q_OVERFLOW;
	struct bin *bin, *next;

	if (has_gone)
		take_overflow();
	for (bin = watched; bin; bin = next) {
		next = bin->next;
		if (bin->wd == event->wd)
			has_gone |= take_event_of(bin, event);
	}
	return has_gone;
}

bool watch_drain(void)
{
	_Alignas(struct inotify_event) char buffer[8192];
	const struct inotify_event *event;
	bool has_gone = false;
	ssize_t n, i;

	while ((n = read(queue, buffer, sizeof(buffer))) > 0) {
		pthread_mutex_lock(&lock);
		for (i = 0; i < n; i += (ssize_t)(sizeof(*event) + event->len)) {
			event = (const void *)(buffer + i);
			has_gone |= take_event(event);
		}
		pthread_mutex_unlock(&lock);
	}
	return has_gone;
}

/* Looking. */

/*
 * Watches DIR, and returns its watch or a negative errno. inotify(7) takes a
 * path, and none leads there, so DIR becomes the working directory of this
 * thread.
 */
static int watch_directory(int root, int dir)
{
	int wd;

	if (fchdir(dir) < 0)
		return -errno;
	wd = inotify_add_watch(queue, ".",
			       NAME_EVENTS | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
	if (wd < 0)
		wd = -errno;
	/* Otherwise mounts below it could not be unmounted. */
	return fchdir(root) < 0 ? -errno : wd;
}

/* Watches the directory of the file PATH, which ends before SLASH. */
static int watch_parent(int root, const char *path, const char *slash)
{
	char *dir = strndup(path, slash == path ? 1 : (size_t)(slash - path));
	int fd, wd;

	if (!dir)
		return -ENOMEM;
	wd = fd = inroot_open(root, dir, O_PATH | O_DIRECTORY);
	free(dir);
	if (fd >= 0) {
		wd = watch_directory(root, fd);
		close(fd);
	}
	return wd;
}

/* From now on BIN has the watch WD; negative: none. Whether it had another. */
static bool set_watch(struct bin *bin, int wd, const char *file)
{
	bool is_other;

	pthread_mutex_lock(&lock);
	is_other = bin->wd != (wd < 0 ? -1 : wd);
	if (is_other)
		unwatch(bin);
	if (is_other && wd >= 0) {
		bin->wd = wd;
		bin->next = watched;
		watched = bin;
	}
	bin->file = file;
	pthread_mutex_unlock(&lock);
	return is_other;
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
static bool look_at(struct bin *bin, bool *is_watched)
{
	int wd = -ENOENT, root = bin->cmdset->root, fd = inroot_open(root, bin->path, O_PATH);
	struct stat st = {.st_ino = 0};
	const char *slash = NULL;

	if (fd >= 0 && fstat(fd, &st) == 0) {
		if (S_ISREG(st.st_mode))
			slash = strrchr(bin->path, '/');
		wd = slash ? watch_parent(root, bin->path, slash) : watch_directory(root, fd);
	}
	if (fd >= 0)
		close(fd);
	bin->dev = st.st_dev;
	bin->ino = st.st_ino;
	if (wd < 0 && wd != -ENOENT && wd != -ENOTDIR) {
		complain(bin, wd);
		*is_watched = false;
	}
	return set_watch(bin, wd, slash ? slash + 1 : NULL);
}

void watch_look(struct cmdset *cmdset)
{
	bool has_changed = false, is_watched = true;
	size_t i;

	atomic_store(&cmdset->must_look, false);
	for (i = 0; i < cmdset->bin_count; i++)
		has_changed |= look_at(&cmdset->bin[i], &is_watched);
	if (has_changed)
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
