/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "etc/mntsplit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "etc/hostfiles.h"
#include "lsl.h"
#include "rundir_visit.h"
#include "started/instance.h"
#include "base/debug.h"
#include "timelimit.h"

/* BIND could not be copied, so it has to be mounted. */
static bool has_to_be_mounted(int status)
{
	return status == -EISDIR || status == -EROFS;
}

/* VIEW's copies are elements of CONTAINER, in its order. Sorts them again. */
static void sort_out(const struct container *container, struct container *view, const int *statuses)
{
	const struct bind *bind;
	size_t i, seen = 0, kept = 0;
	bool is_copied;

	for (i = 0; i < container->bind_count; i++) {
		bind = &container->binds[i];
		is_copied = false;
		if (seen < view->copy_count && strcmp(view->copies[seen].target, bind->target) == 0)
			is_copied = !has_to_be_mounted(statuses[seen++]);
		if (is_copied)
			view->copies[kept++] = *bind;
		else
			view->binds[view->bind_count++] = *bind;
	}
	view->copy_count = kept;
}

static int apply(const struct rootwriter *writer, const struct container *container, bool is_start,
		 struct container *view)
{
	int *statuses = calloc(view->copy_count + 1, sizeof(*statuses));
	int result = 0, status = statuses ? 0 : -ENOMEM;
	size_t i;

	if (status == 0)
		status = rootwriter_apply(writer, view, is_start, statuses);
	for (i = 0; i < view->copy_count && statuses; i++) {
		/*
		 * A mount point would be one more change that has to be undone.
		 */
		if (status < 0)
			statuses[i] = status;
		debug("%s: copy %s to %s: status %d", container->name, view->copies[i].source,
		      view->copies[i].target, statuses[i]);
		if (statuses[i] < 0 && !has_to_be_mounted(statuses[i]))
			result = statuses[i];
	}
	if (status < 0 && status != -EROFS && status != -EPIPE && status != -ETIMEDOUT)
		lsl_say("%s: the host's files below /etc are not copied: %s", container->name,
			strerror(-status));
	if (statuses)
		sort_out(container, view, statuses);
	free(statuses);
	return statuses ? result : -ENOMEM;
}

int mntsplit_apply(const struct rootwriter *writer, const struct container *container,
		   bool is_start, struct container *view)
{
	size_t i;

	*view = *container;
	view->bind_count = view->copy_count = 0;
	view->binds = calloc(container->bind_count + 1, sizeof(*view->binds));
	view->copies = calloc(container->bind_count + 1, sizeof(*view->copies));
	if (!view->binds || !view->copies)
		return -ENOMEM;
	for (i = 0; i < container->bind_count; i++)
		if (hostfiles_takes(&container->binds[i]))
			view->copies[view->copy_count++] = container->binds[i];
	return apply(writer, container, is_start, view);
}

void mntsplit_clear(struct container *view)
{
	free(view->binds);
	free(view->copies);
	view->binds = view->copies = NULL;
}

struct search_sharing {
	int rundir;
	const char *name, *path;
	bool is_careful; /* a file system does not answer */
	struct stat root;
};

static bool stat_root(const struct search_sharing *search, const char *path, struct stat *st)
{
	return (search->is_careful ? timelimit_stat(path, st, TIMELIMIT_ANSWER_MS)
				   : stat(path, st)) == 0;
}

/* For rundir_visit: 1 if NAME has the root filesystem. */
static int look_at_other(const char *name, void *arg)
{
	static struct instance instance;
	const struct search_sharing *search = arg;
	struct stat st;
	bool found;

	if (strcmp(name, search->name) == 0)
		return 0;
	instance_look(search->rundir, name, &instance);
	found = instance.kind == INSTANCE_STARTED && stat_root(search, instance.record.path, &st) &&
		st.st_dev == search->root.st_dev && st.st_ino == search->root.st_ino;
	instance_release(&instance);
	return found;
}

static long look_at_others(const void *arg)
{
	struct search_sharing search = *(const struct search_sharing *)arg;

	if (!stat_root(&search, search.path, &search.root))
		return 0;
	return rundir_visit(search.rundir, look_at_other, &search);
}

static void answer_about_others(void *answer, const void *arg)
{
	long *found = answer;

	*found = look_at_others(arg);
}

bool mntsplit_is_shared(int rundir, const char *name, const char *path)
{
	struct search_sharing search = {.rundir = rundir, .name = name, .path = path};
	long found = 0;
	int status = timelimit_ask(answer_about_others, &search, rundir, &found, sizeof(found),
				   TIMELIMIT_ANSWER_MS);

	/* Then all but those that do not answer. */
	if (status == -ETIMEDOUT) {
		search.is_careful = true;
		found = look_at_others(&search);
	}
	return found > 0;
}
