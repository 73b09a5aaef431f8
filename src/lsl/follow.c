/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "follow.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/debug.h"
#include "pathnames.h"
#include "files/pathtext.h"

/* Changes of contents and names, and of the directory itself. */
#define EVENTS                                                                              \
	(IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CLOSE_WRITE | IN_ATTRIB | \
	 IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

/* Events that say nothing about one name: look at everything again. */
#define EVENTS_OF_ALL (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED | IN_Q_OVERFLOW)

int follow_begin(struct follow *follow)
{
	*follow = (struct follow){.inotify = inotify_init1(IN_CLOEXEC)};
	return follow->inotify < 0 ? -errno : 0;
}

static int add_name(struct follow *follow, int watch, const char *name, bool is_suffix)
{
	struct follow_name *names = reallocarray(follow->names, follow->count + 1, sizeof(*names));

	if (!names)
		return -ENOMEM;
	follow->names = names;
	names[follow->count].watch = watch;
	names[follow->count].is_suffix = is_suffix;
	names[follow->count].name = strdup(name);
	return names[follow->count++].name ? 0 : -ENOMEM;
}

/*
 * Watches the last name of PATH, in its directory. If that is missing, watches
 * the name of the first missing directory, in the one above. It does the same
 * if the kernel refuses the path, because a user can turn a directory into a
 * circular link, and all other files still have to be watched.
 */
static int watch_name(struct follow *follow, const char *path)
{
	char directory[PATH_MAX];
	char *slash;
	int watch;

	if (strlen(path) >= sizeof(directory))
		return -ENAMETOOLONG;
	strcpy(directory, path);
	for (;;) {
		slash = strrchr(directory, '/');
		if (!slash || !slash[1])
			return 0;
		*slash = '\0';
		watch = inotify_add_watch(follow->inotify, *directory ? directory : "/",
					  EVENTS | IN_MASK_ADD);
		if (watch >= 0)
			return add_name(follow, watch, slash + 1, false);
		if (errno == ENOMEM || errno == ENOSPC)
			return -errno;
	}
}

/* Replaces PATH, a symbolic link, by its target. False: it is no link. */
static bool follow_link(char path[PATH_MAX])
{
	char target[PATH_MAX];
	ssize_t len = readlink(path, target, sizeof(target));

	return len > 0 && path_follow(path, target, (size_t)len);
}

int follow_add(struct follow *follow, const char *path)
{
	char here[PATH_MAX];
	int links = 0, status;

	if (strlen(path) >= sizeof(here))
		return -ENAMETOOLONG;
	strcpy(here, path);
	do
		status = watch_name(follow, here);
	while (status == 0 && links++ < LINKS_MAX && follow_link(here));
	return status;
}

int follow_add_suffix(struct follow *follow, const char *directory, const char *suffix)
{
	int watch = inotify_add_watch(follow->inotify, directory, EVENTS | IN_MASK_ADD);

	return watch < 0 ? -errno : add_name(follow, watch, suffix, true);
}

static bool is_name(const struct follow_name *name, const char *text)
{
	size_t len = strlen(text), end = strlen(name->name);

	if (name->is_suffix && len > end)
		text += len - end;
	return strcmp(name->name, text) == 0;
}

static bool concerns(const struct follow *follow, const struct inotify_event *event)
{
	size_t i;

	if (event->mask & EVENTS_OF_ALL)
		return true;
	for (i = 0; i < follow->count && event->len; i++)
		if (follow->names[i].watch == event->wd && is_name(&follow->names[i], event->name))
			return true;
	return false;
}

int follow_wait(const struct follow *follow, int timeout_ms)
{
	struct pollfd events = {.fd = follow->inotify, .events = POLLIN};
	union {
		struct inotify_event event;
		char bytes[16 * 1024];
	} buffer;
	const struct inotify_event *event;
	const char *at;
	ssize_t n;

	for (;;) {
		if (poll(&events, 1, timeout_ms) == 0)
			return 0;
		n = read(follow->inotify, buffer.bytes, sizeof(buffer.bytes));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		for (at = buffer.bytes; at < buffer.bytes + n; at += sizeof(*event) + event->len) {
			event = (const struct inotify_event *)(const void *)at;
			if (!concerns(follow, event))
				continue;
			debug("changed: %s", event->len ? event->name : "a directory");
			return 0;
		}
	}
}

void follow_end(struct follow *follow)
{
	size_t i;

	for (i = 0; i < follow->count; i++)
		free(follow->names[i].name);
	free(follow->names);
	close(follow->inotify);
}
