/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "started/homes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/debug.h"
#include "started/instance.h"
#include "pathnames.h"
#include "nsfile_identify.h"
#include "rundir_visit.h"
#include "timelimit.h"

/*
 * The time for a look at root directories, whose file systems may not answer.
 */
#define PATIENCE_MS 2000

struct homes_reading {
	struct homes *homes;
	int rundir;
};

static bool is_read(const struct homes *homes, const char *name)
{
	size_t i;

	for (i = 0; i < homes->count; i++)
		if (strcmp(homes->list[i].name, name) == 0)
			return true;
	return false;
}

/* PATH may be NULL. */
static struct home *add_home(struct homes *homes, const char *name, const char *path)
{
	struct home *list = reallocarray(homes->list, homes->count + 1, sizeof(*list));
	struct home *home;

	if (!list)
		return NULL;
	homes->list = list;
	home = &list[homes->count++];
	*home = (struct home){.name = strdup(name), .path = path ? strdup(path) : NULL};
	return home->name && !home->path == !path ? home : NULL;
}

/* CONFIGURED is the path of the configuration, or NULL. */
static int read_home(const struct homes_reading *reading, const char *name, const char *configured)
{
	static struct instance instance;
	struct home *home;
	int status = 0;

	if (is_read(reading->homes, name))
		return 0;
	if (reading->rundir < 0)
		return add_home(reading->homes, name, configured) ? 0 : -ENOMEM;
	instance_look(reading->rundir, name, &instance);
	debug("%s is %s", name, instance_kind_name(instance.kind));
	home = add_home(reading->homes, name,
			instance.record_status == 0 ? instance.record.path : configured);
	if (!home)
		status = -ENOMEM;
	else if (instance.nsfd >= 0)
		status = nsfile_identify(instance.nsfd, &home->ns);
	if (home)
		home->is_in_rundir = instance.kind != INSTANCE_STOPPED;
	instance_release(&instance);
	return status;
}

static int read_started(const char *name, void *arg)
{
	return read_home(arg, name, NULL);
}

int homes_add(struct homes *homes, int rundir, const char *name)
{
	const struct homes_reading reading = {homes, rundir};

	return read_home(&reading, name, NULL);
}

int homes_read(struct homes *homes, int rundir, const struct conf *conf)
{
	struct homes_reading reading = {homes, rundir};
	int status = 0;
	size_t i;

	*homes = (struct homes){.count = 0};
	for (i = 0; conf && status == 0 && i < conf->container_count; i++)
		status = read_home(&reading, conf->containers[i]->name, conf->containers[i]->path);
	if (status < 0 || rundir < 0)
		return status;
	status = rundir_visit(rundir, read_started, &reading);
	return status == -EACCES && conf ? 0 : status;
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

struct root_search {
	const struct homes *homes;
	pid_t pid;
};

/*
 * The index of the home with the root directory of a process. Checks the host's
 * root at /oldRoot first: only containers have it there, so no file system of
 * another process is examined.
 */
static long find_root(const void *arg)
{
	const struct root_search *search = arg;
	char path[64];
	struct stat root, st;
	size_t i;

	snprintf(path, sizeof(path), "/proc/%d/root" PATH_OLDROOT, (int)search->pid);
	if (stat(path, &st) < 0 || stat("/", &root) < 0 || !is_same_file(&st, &root))
		return -ENOENT;
	path[strlen(path) - strlen(PATH_OLDROOT)] = '\0';
	if (stat(path, &root) < 0)
		return -errno;
	for (i = 0; i < search->homes->count; i++)
		if (search->homes->list[i].path && stat(search->homes->list[i].path, &st) == 0 &&
		    is_same_file(&st, &root))
			return (long)i;
	return -ENOENT;
}

/* Opens the mount namespace at PATH, which must be one that root has made. */
static int open_namespace(const char *path)
{
	int status, fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	/*
	 * A user can make other ones, in a user namespace, with any root, and
	 * on file systems that never answer.
	 */
	status = nsfile_prove(fd);
	if (status == 0)
		return fd;
	close(fd);
	return status;
}

static const struct home *add_guess(struct homes *homes, int nsfd, long found)
{
	size_t size = (homes->guess_count + 1) * sizeof(*homes->guesses);
	struct home_guess *guesses = realloc(homes->guesses, size), *guess;

	if (!guesses) {
		close(nsfd);
		return NULL;
	}
	homes->guesses = guesses;
	guess = &guesses[homes->guess_count++];
	*guess = (struct home_guess){.nsfd = -1};
	nsfile_identify(nsfd, &guess->ns);
	if (found < 0) {
		close(nsfd);
		return NULL;
	}
	guess->nsfd = nsfd;
	guess->home = &homes->list[found];
	return guess->home;
}

static bool is_namespace(const struct stat *st, const struct nsfile_id *ns)
{
	return st->st_dev == ns->dev && st->st_ino == ns->ino;
}

const struct home *homes_of(struct homes *homes, pid_t pid)
{
	struct root_search search = {homes, pid};
	char path[64];
	struct stat st;
	long found;
	int nsfd;
	size_t i;

	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", (int)pid);
	if (stat(path, &st) < 0)
		return NULL;
	for (i = 0; i < homes->count; i++)
		if (is_namespace(&st, &homes->list[i].ns))
			return &homes->list[i];
	for (i = 0; i < homes->guess_count; i++)
		if (is_namespace(&st, &homes->guesses[i].ns))
			return homes->guesses[i].home;
	nsfd = open_namespace(path);
	if (nsfd < 0)
		return NULL;
	found = timelimit_run(find_root, &search, PATIENCE_MS);
	return add_guess(homes, nsfd, found);
}

void homes_clear(struct homes *homes)
{
	size_t i;

	for (i = 0; i < homes->count; i++) {
		free(homes->list[i].name);
		free(homes->list[i].path);
	}
	for (i = 0; i < homes->guess_count; i++)
		if (homes->guesses[i].nsfd >= 0)
			close(homes->guesses[i].nsfd);
	free(homes->list);
	free(homes->guesses);
}
