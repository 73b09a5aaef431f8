/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lsl.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/stat.h>
#include <unistd.h>

#include "linksdir.h"
#include "mntdir.h"
#include "nsbuild.h"
#include "nsfile.h"
#include "pathnames.h"
#include "record.h"
#include "sharing.h"
#include "trace.h"

/* Says what keeps CONTAINER from being built; false then. */
static bool can_start(const struct options *options, const struct container *container)
{
	struct stat st;
	int err = 0;
	size_t i;

	if (stat(container->path, &st) < 0)
		err = errno;
	else if (!S_ISDIR(st.st_mode))
		err = ENOTDIR;
	if (err) {
		lsl_say("%s:%u: %s: %s; %s is not started (path is the directory of its root file system)",
			options->config, container->path_line, container->path, strerror(err),
			container->name);
		return false;
	}
	for (i = 0; i < container->bind_count; i++)
		if (stat(container->binds[i].source, &st) < 0 && errno == ENOENT)
			lsl_say("%s:%u: %s is not there; %s starts without it (create it, then sudo lsl restart %s)",
				options->config, container->binds[i].line,
				container->binds[i].source, container->name, container->name);
	return true;
}

/* Whether CONTAINER runs. Its record is then in RECORD and TEXT. */
static bool is_running(int mntdir, const char *name, char text[RECORD_SIZE_MAX + 1],
		       struct record *record)
{
	int nsfd = nsfile_open(mntdir, name);

	if (nsfd < 0)
		return false;
	close(nsfd);
	return record_read(mntdir, name, text, RECORD_SIZE_MAX + 1, record) == 0;
}

/* A running container: what can change without a new namespace does so now. */
static int refresh(int mntdir, const struct container *container, const struct record *record)
{
	int same = record_has_binds_of(record, container);
	int status = same < 0 ? same : record_write(mntdir, container, record);

	if (status < 0) {
		lsl_say("%s: cannot write its record: %s", container->name, strerror(-status));
		return status;
	}
	trace("%s: already started", container->name);
	if (strcmp(record->path, container->path) != 0)
		lsl_say("%s: the changed path takes effect after restart (sudo lsl restart %s)",
			container->name, container->name);
	if (!same)
		lsl_say("%s: the changed mnt takes effect after restart (sudo lsl restart %s)",
			container->name, container->name);
	return 0;
}

static int pin_and_record(int mntdir, const struct container *container, pid_t pid,
			  struct failure *failure)
{
	int status = nsfile_pin(mntdir, container->name, pid);

	if (status < 0)
		return failure_set(failure, status, "cannot pin its mount namespace in %s",
				   PATH_MNTDIR);
	trace("%s: pinned in %s", container->name, PATH_MNTDIR);
	status = record_write(mntdir, container, NULL);
	if (status < 0) {
		failure_set(failure, status, "cannot write its record");
		nsfile_unpin(mntdir, container->name);
	}
	return status;
}

/* What a start that was killed has left. */
static int remove_remains(int mntdir, const char *name)
{
	int status = record_remove(mntdir, name);

	return status < 0 ? status : nsfile_unpin(mntdir, name);
}

static int build(int mntdir, const struct container *container, struct failure *failure)
{
	struct failure later;
	struct nsbuild nsbuild;
	int ended, status = remove_remains(mntdir, container->name);

	if (status < 0)
		return failure_set(failure, status, "cannot remove what is left in %s",
				   PATH_MNTDIR);
	status = nsbuild_start(container, &nsbuild, failure);
	if (status < 0)
		return status;
	status = pin_and_record(mntdir, container, nsbuild.pid, failure);
	ended = nsbuild_end(&nsbuild, &later);
	if (status == 0 && ended < 0) {
		*failure = later;
		remove_remains(mntdir, container->name);
		status = ended;
	}
	return status;
}

static int start_one(const struct options *options, int mntdir, const struct container *container)
{
	static char text[RECORD_SIZE_MAX + 1];
	struct failure failure = {""};
	struct record record;

	bool is_started = is_running(mntdir, container->name, text, &record);

	if (container->has_errors) {
		lsl_say(is_started ? "%s: its section has mistakes, it runs on as it was"
				   : "%s: not started, its section has mistakes",
			container->name);
		return -EINVAL;
	}
	if (is_started)
		return refresh(mntdir, container, &record);
	if (!can_start(options, container))
		return -EINVAL;
	trace("%s: start", container->name);
	if (build(mntdir, container, &failure) == 0)
		return 0;
	lsl_say("%s: not started: %s", container->name, failure.text);
	return -EIO;
}

/* Waits, for a second at most, until the command directory shows what was started. */
static void wait_until_listed(const struct options *options, const struct conf *conf)
{
	char path[sizeof(PATH_LINKSDIR) + CONTAINER_NAME_MAX + 1];
	int tries = 0;
	struct stat st;
	size_t i;

	for (i = 0; i < conf->container_count; i++) {
		if (!lsl_is_meant(options, conf->containers[i]->name))
			continue;
		snprintf(path, sizeof(path), "%s/%s", PATH_LINKSDIR, conf->containers[i]->name);
		while (stat(path, &st) < 0 && errno == ENOENT && tries++ < 1000)
			usleep(1000);
	}
}

static int mount_commands(struct linksdir_mounter *mounter)
{
	int state = linksdir_state();

	if (state == LINKSDIR_DEAD) {
		state = linksdir_unmount();
	} else if (state == LINKSDIR_MOUNTED) {
		linksdir_mounter_cancel(mounter);
		return 0;
	}
	if (state < 0) {
		lsl_say("cannot look at %s: %s", PATH_LINKSDIR, strerror(-state));
		linksdir_mounter_cancel(mounter);
		return state;
	}
	return linksdir_mounter_go(mounter);
}

static int count_started(const char *name, void *arg)
{
	int *count = arg;

	(void)name;
	++*count;
	return 0;
}

/* The exit status of starting those that are meant, and in STARTED how many containers run now. */
static int start_all(const struct options *options, int mntdir, const struct conf *conf,
		     int *started)
{
	int status = LSL_OK;
	size_t i;

	/* Those of a section count when its container is meant. */
	for (i = 0; i < conf->mistake_count; i++)
		if (!conf->mistakes[i].container)
			status = LSL_FAILED;
	for (i = 0; i < options->name_count; i++) {
		if (conf_find(conf, options->names[i]))
			continue;
		lsl_say("there is no container %s in %s", options->names[i], options->config);
		status = LSL_FAILED;
	}
	for (i = 0; i < conf->container_count; i++)
		/* Of several with one name the first: they all have a mistake. */
		if (lsl_is_meant(options, conf->containers[i]->name) &&
		    conf_find(conf, conf->containers[i]->name) == conf->containers[i] &&
		    start_one(options, mntdir, conf->containers[i]) < 0)
			status = LSL_FAILED;
	*started = 0;
	if (mntdir_visit(mntdir, count_started, started) < 0)
		status = LSL_FAILED;
	return status;
}

static int start_and_mount(const struct options *options, struct linksdir_mounter *mounter,
			   const struct conf *conf, const struct mntdir *mntdir)
{
	int started, status = start_all(options, mntdir->dir, conf, &started);

	if (started == 0) {
		linksdir_mounter_cancel(mounter);
		if (linksdir_state() == LINKSDIR_UNMOUNTED &&
		    (sharing_end(mntdir->dir) < 0 || mntdir_remove_if_empty(mntdir) < 0))
			lsl_say("cannot clean up %s", PATH_MNTDIR);
		return status;
	}
	if (mount_commands(mounter) < 0)
		return LSL_FAILED;
	wait_until_listed(options, conf);
	return status;
}

/* Locks MNTDIR and makes everything ready for containers; a negative errno after saying why it could not. */
static int prepare(struct mntdir *mntdir)
{
	struct failure failure;
	int status;

	if (linksdir_prepare(&failure) < 0) {
		lsl_say("%s", failure.text);
		return -EIO;
	}
	status = mntdir_lock(true, mntdir);
	if (status < 0) {
		lsl_say_mntdir(status);
		return status;
	}
	status = sharing_begin(mntdir->dir);
	if (status < 0) {
		lsl_say("cannot note the host's mounts in %s: %s", PATH_MNTDIR, strerror(-status));
		mntdir_unlock(mntdir);
	}
	return status;
}

int lsl_start_confined(const struct options *options, const struct conf *conf,
		       struct linksdir_mounter *mounter)
{
	struct mntdir mntdir;
	int status;

	if (prepare(&mntdir) < 0) {
		linksdir_mounter_cancel(mounter);
		return LSL_FAILED;
	}
	status = start_and_mount(options, mounter, conf, &mntdir);
	mntdir_unlock(&mntdir);
	return status;
}

int lsl_start(const struct options *options)
{
	static const cap_value_t caps[] = {CAP_SYS_ADMIN, CAP_DAC_READ_SEARCH};
	struct linksdir_mounter mounter;
	struct conf conf;
	int status;

	if (!lsl_is_privileged("start"))
		return LSL_FAILED;
	status = linksdir_mounter_start(&mounter, options->seccomp);
	if (status < 0) {
		lsl_say("cannot fork: %s", strerror(-status));
		return LSL_FAILED;
	}
	if (!lsl_confine(options, caps, sizeof(caps) / sizeof(caps[0])) ||
	    !lsl_read_conf(options, &conf)) {
		linksdir_mounter_cancel(&mounter);
		return LSL_FAILED;
	}
	status = lsl_start_confined(options, &conf, &mounter);
	conf_clear(&conf);
	return status;
}
