/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lsl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mount/cmddir_state.h"
#include "mount/cmdshow.h"
#include "base/debug.h"
#include "helpers.h"
#include "started/hostrecord.h"
#include "foreign/interpreter.h"
#include "monotonic.h"
#include "pathnames.h"
#include "base/progress.h"
#include "mount/propagation.h"
#include "etc/rootwriter.h"
#include "started/rundir_lock.h"
#include "start_one.h"

/*
 * How many milliseconds the command directory may take to list the started
 * containers.
 */
#define LISTED_MS 5000

/* Waits until the command directory has NAME: 0, or a negative errno. */
static int wait_for(const char *name)
{
	long deadline = monotonic_ms() + LISTED_MS;
	int status;

	while ((status = cmddir_find(name)) == -ENOENT && monotonic_ms() < deadline)
		usleep(1000);
	return status;
}

/*
 * Waits until the commands can be called. If this cannot be seen, the
 * containers are started all the same.
 */
static int wait_until_listed(const struct options *options, const struct conf *conf, int rundir)
{
	int status = LSL_OK, listed = 0;
	struct stat st;
	size_t i;

	for (i = 0; i < conf->container_count && listed != -ETIMEDOUT; i++) {
		const char *name = conf->containers[i]->name;

		if (!lsl_is_meant(options, name) || fstatat(rundir, name, &st, 0) < 0)
			continue;
		listed = wait_for(name);
		if (listed == -ENOENT) {
			lsl_say("%s is started, but %s does not list it (mount.lslfs wrote the reason to syslog)",
				name, PATH_LINKSDIR);
			status = LSL_FAILED;
		} else if (listed < 0) {
			lsl_say("%s is started, but lsl cannot see whether %s lists it: %s", name,
				PATH_LINKSDIR, strerror(-listed));
		}
	}
	return status;
}

static int mount_commands(struct helpers *helpers)
{
	int state = cmddir_state_of(PATH_LINKSDIR, CMDDIR_PATIENCE_MS);

	debug("%s is %s", PATH_LINKSDIR, state < 0 ? strerror(-state) : cmddir_state_name(state));
	if (state == CMDDIR_HUNG)
		lsl_say("the daemon of %s does not answer; it is replaced", PATH_LINKSDIR);
	if (state == CMDDIR_DEAD || state == CMDDIR_HUNG) {
		state = cmddir_unmount(state);
	} else if (state == CMDDIR_MOUNTED) {
		return 0;
	}
	if (state < 0) {
		lsl_say("cannot look at %s: %s", PATH_LINKSDIR, strerror(-state));
		return state;
	}
	return helpers_mount(helpers);
}

/* The first one of several with the same name; all of these have a mistake. */
static bool is_to_start(const struct options *options, const struct conf *conf,
			const struct container *container)
{
	return lsl_is_meant(options, container->name) &&
	       conf_find(conf, container->name) == container;
}

static size_t count_to_start(const struct options *options, const struct conf *conf)
{
	size_t i, count = 0;

	for (i = 0; i < conf->container_count; i++)
		if (is_to_start(options, conf, conf->containers[i]))
			count++;
	return count;
}

/* Starts the chosen containers. Returns the exit status. */
static int start_all(const struct options *options, int rundir, const struct rootwriter *writer,
		     const struct conf *conf)
{
	int status = LSL_OK;
	size_t i;

	/*
	 * A mistake in a section counts if the command applies to its
	 * container.
	 */
	for (i = 0; i < conf->mistake_count; i++)
		if (!conf->mistakes[i].container)
			status = LSL_FAILED;
	for (i = 0; i < options->name_count; i++) {
		if (conf_find(conf, options->names[i]))
			continue;
		lsl_say("there is no container %s in %s", options->names[i], options->config);
		status = LSL_FAILED;
	}
	progress_begin("start", count_to_start(options, conf));
	for (i = 0; i < conf->container_count; i++) {
		if (!is_to_start(options, conf, conf->containers[i]))
			continue;
		progress_next(conf->containers[i]->name);
		if (start_one(rundir, writer, conf->containers[i]) < 0)
			status = LSL_FAILED;
	}
	progress_end();
	/*
	 * Removes handlers of containers that could not be started, or no
	 * longer have an interpreter.
	 */
	if (!interpreter_end(rundir))
		status = LSL_FAILED;
	return status;
}

/* lsl.service sets this: another unit restarts the follower if it dies. */
static bool is_followed_elsewhere(void)
{
	const char *value = getenv("LSL_FOLLOW");

	return value && strcmp(value, "no") == 0;
}

static int start_and_mount(const struct options *options, struct helpers *helpers,
			   const struct conf *conf, const struct rundir *rundir)
{
	int status = start_all(options, rundir->dir, &helpers->writer, conf);
	int listed, cleaned, started = rundir_is_used(rundir);

	if (started < 0) {
		lsl_say_mntdir(started);
		return LSL_FAILED;
	}
	if (!started) {
		if (cmddir_is_mounted(PATH_LINKSDIR, NULL) != 0)
			return status;
		cleaned = propagation_end(rundir->dir);
		if (cleaned == 0)
			cleaned = rundir_remove_if_empty(rundir);
		if (cleaned < 0)
			lsl_say("cannot clean up %s: %s", PATH_MNTDIR, strerror(-cleaned));
		return status;
	}
	if (!is_followed_elsewhere() && helpers_follow(helpers) < 0) {
		lsl_say("cannot start lsl refresh --follow: run lsl refresh after each change of the host");
		status = LSL_FAILED;
	}
	if (mount_commands(helpers) < 0)
		return LSL_FAILED;
	listed = wait_until_listed(options, conf, rundir->dir);
	return status != LSL_OK ? status : listed;
}

/*
 * Locks MNTDIR and prepares the host for containers. On failure says why and
 * returns a negative errno.
 */
static int prepare_host(struct rundir *rundir)
{
	struct failure failure;
	int status;

	if (cmddir_prepare(&failure) < 0) {
		lsl_say("%s", failure.text);
		return -EIO;
	}
	status = rundir_lock(RUNDIR_MAKE_ALL, rundir);
	if (status < 0) {
		lsl_say_mntdir(status);
		return status;
	}
	status = cmdshow_make_links(rundir->dir);
	if (status == 0)
		status = hostrecord_write(rundir->dir);
	if (status < 0) {
		lsl_say("cannot write the files for commands in containers into %s: %s",
			PATH_MNTDIR, strerror(-status));
	} else {
		status = propagation_begin(rundir->dir);
		if (status < 0)
			lsl_say("cannot note the host's mounts in %s: %s", PATH_MNTDIR,
				strerror(-status));
	}
	if (status < 0)
		rundir_unlock(rundir);
	return status;
}

int lsl_start_confined(const struct options *options, const struct conf *conf,
		       struct helpers *helpers)
{
	struct rundir rundir;
	int status;

	if (prepare_host(&rundir) < 0)
		return LSL_FAILED;
	status = start_and_mount(options, helpers, conf, &rundir);
	rundir_unlock(&rundir);
	return status;
}

int lsl_start(const struct options *options)
{
	/* CAP_SYS_CHROOT permits to enter a started container's namespace. */
	static const cap_value_t caps[] = {CAP_SYS_ADMIN, CAP_DAC_READ_SEARCH, CAP_SYS_CHROOT};
	struct helpers helpers;
	struct conf conf;
	int status = LSL_FAILED;

	if (!lsl_is_privileged("start") || !helpers_start(&helpers, options->seccomp))
		return LSL_FAILED;
	if (lsl_confine(options, caps, sizeof(caps) / sizeof(caps[0])) &&
	    lsl_read_conf(options, &conf)) {
		status = lsl_start_confined(options, &conf, &helpers);
		conf_clear(&conf);
	}
	helpers_end(&helpers);
	return status;
}
