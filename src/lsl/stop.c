/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lsl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmddir_state.h"
#include "interpreter.h"
#include "nspin.h"
#include "record_write.h"
#include "rundir.h"
#include "mntsplit.h"
#include "nsfile.h"
#include "pathnames.h"
#include "processes.h"
#include "progress.h"
#include "record.h"
#include "rootwriter.h"
#include "propagation.h"
#include "debug.h"
#include "rundir_lock.h"

/* Between SIGTERM and SIGKILL. */
#define GRACE_MS 5000

/* One process in the table of those left running. */
static int say_running(const struct process *process, size_t ns, void *arg)
{
	const char *name = arg;

	(void)ns;
	lsl_say("%s: still running: %d %.200s", name, (int)process->pid, process->command);
	return 0;
}

/*
 * Processes that SIGKILL has not ended: they are blocked in the kernel, or
 * start others faster than they are found.
 */
static int say_left(const char *name, int nsfd)
{
	struct nsfile_id id;

	lsl_say("%s: programs in it could not be ended", name);
	if (nsfile_identify(nsfd, &id) == 0)
		processes_visit(&id, 1, say_running, (void *)(uintptr_t)name);
	return -EBUSY;
}

static int end_or_name_processes(const struct options *options, const char *name, int nsfd)
{
	struct nsfile_id id;
	int status;

	if (!options->kill) {
		status = nsfile_identify(nsfd, &id);
		if (status == 0)
			status = processes_visit(&id, 1, say_running, (void *)(uintptr_t)name);
	} else {
		status = processes_kill(nsfd, GRACE_MS);
		if (status == PROCESSES_LEFT)
			return say_left(name, nsfd);
	}
	if (status >= 0)
		return 0;
	lsl_say("%s: cannot look for running programs: %s", name, strerror(-status));
	return status;
}

struct stopping {
	const struct options *options;
	const struct rootwriter *writer;
	size_t meant; /* how many are to be stopped */
	const struct conf *restarted_from;
	struct rundir rundir;
	int status; /* the exit status so far */
};

/*
 * Whether NAME could be started again; a container that is no longer configured
 * is simply stopped.
 */
static bool can_restart(struct stopping *stopping, const char *name)
{
	const struct container *container = conf_find(stopping->restarted_from, name);
	struct stat st;

	if (!container)
		return true;
	/* lsl start reports that. */
	if (container->has_errors)
		return false;
	if (stat(container->path, &st) == 0) {
		if (!lsl_refuses(container))
			return true;
		stopping->status = LSL_FAILED;
		return false;
	}
	lsl_say("%s:%u: %s: %s; %s is not restarted", container->file, container->path_line,
		container->path, strerror(errno), name);
	stopping->status = LSL_FAILED;
	return false;
}

static int count_meant(const char *name, void *arg)
{
	struct stopping *stopping = arg;

	if (lsl_is_meant(stopping->options, name))
		stopping->meant++;
	return 0;
}

/*
 * Returns the path of NAME's root filesystem by its record; empty without a
 * record. The caller frees it.
 */
static char *recorded_path(const struct stopping *stopping, const char *name)
{
	static char text[RECORD_SIZE_MAX + 1];
	struct record record;

	if (record_read(stopping->rundir.dir, name, text, sizeof(text), &record) < 0)
		return NULL;
	return strdup(record.path);
}

/*
 * Takes the host's files out of the root filesystem, unless the container is
 * started again at once.
 */
static void take_out(struct stopping *stopping, const char *name, const char *path)
{
	if (stopping->restarted_from && conf_find(stopping->restarted_from, name))
		return;
	if (mntsplit_is_shared(stopping->rundir.dir, name, path))
		return;
	if (rootwriter_take_out(stopping->writer, name, path) < 0)
		stopping->status = LSL_FAILED;
}

/* Removes the record first: from then on no command of the container starts. */
static int stop_one(const char *name, void *arg)
{
	struct stopping *stopping = arg;
	int nsfd, status;
	char *path;

	if (!lsl_is_meant(stopping->options, name) ||
	    (stopping->restarted_from && !can_restart(stopping, name)))
		return 0;
	progress_next(name);
	path = recorded_path(stopping, name);
	status = record_remove(stopping->rundir.dir, name);
	nsfd = nsfile_open(stopping->rundir.dir, name, NULL);
	if (nsfd >= 0) {
		if (end_or_name_processes(stopping->options, name, nsfd) < 0)
			stopping->status = LSL_FAILED;
		close(nsfd);
	}
	debug("%s: removed its record, unpin its namespace: umount2 %s/%s", name, PATH_MNTDIR,
	      name);
	if (status == 0)
		status = nspin_remove(stopping->rundir.dir, name);
	if (status < 0) {
		lsl_say("%s: cannot stop: %s", name, strerror(-status));
		stopping->status = LSL_FAILED;
	}
	if (path)
		take_out(stopping, name, path);
	free(path);
	return 0;
}

static int unmount_commands(void)
{
	int status = cmddir_unmount(cmddir_state(CMDDIR_PATIENCE_MS));

	if (status < 0) {
		lsl_say("cannot unmount %s: %s", PATH_LINKSDIR, strerror(-status));
		return LSL_FAILED;
	}
	return LSL_OK;
}

/* Undoes the other changes of lsl start. */
static int remove_the_rest(const struct rundir *rundir)
{
	int unmounted = unmount_commands();
	int status = propagation_end(rundir->dir);

	if (status == 0)
		status = rundir_remove_if_empty(rundir);
	if (status < 0) {
		lsl_say("cannot clean up %s: %s", PATH_MNTDIR, strerror(-status));
		return LSL_FAILED;
	}
	return unmounted;
}

static int stop_all(struct stopping *stopping)
{
	const struct options *options = stopping->options;
	int status = LSL_OK;

	if (!stopping->restarted_from)
		status = lsl_check_names(options, stopping->rundir.dir);
	stopping->status = status;
	status = rundir_visit(stopping->rundir.dir, count_meant, stopping);
	if (status == 0) {
		progress_begin("stop", stopping->meant);
		status = rundir_visit(stopping->rundir.dir, stop_one, stopping);
		progress_end();
	}
	if (status < 0) {
		lsl_say_mntdir(status);
		stopping->status = LSL_FAILED;
	}
	if (!interpreter_end(stopping->rundir.dir))
		stopping->status = LSL_FAILED;
	if (options->name_count == 0 && !stopping->restarted_from &&
	    remove_the_rest(&stopping->rundir) != LSL_OK)
		stopping->status = LSL_FAILED;
	return stopping->status;
}

/*
 * If the machine went down without a stop, the host's files are still in the
 * root filesystems. The configuration has the paths of these, if it can be
 * read.
 */
static void take_out_leftovers(const struct options *options, const struct rootwriter *writer)
{
	const struct container *container;
	struct conf conf;
	const char *why;
	size_t i;

	if (conf_read(options->config, &conf, &why) < 0)
		return;
	for (i = 0; i < conf.container_count; i++) {
		container = conf.containers[i];
		if (container->path && lsl_is_meant(options, container->name))
			rootwriter_take_out(writer, container->name, container->path);
	}
	conf_clear(&conf);
}

int lsl_stop_confined(const struct options *options, const struct rootwriter *writer,
		      const struct conf *restarted_from)
{
	struct stopping stopping = {
		.options = options,
		.writer = writer,
		.restarted_from = restarted_from,
	};
	int status = rundir_lock(false, &stopping.rundir);

	if (status == -ENOENT) {
		/*
		 * No container is started, but the command directory may still
		 * be mounted, for example by fstab.
		 */
		if (restarted_from)
			return LSL_OK;
		take_out_leftovers(options, writer);
		return options->name_count ? lsl_check_names(options, -1) : unmount_commands();
	}
	if (status < 0) {
		lsl_say_mntdir(status);
		return LSL_FAILED;
	}
	status = stop_all(&stopping);
	rundir_unlock(&stopping.rundir);
	return status;
}

int lsl_stop(const struct options *options)
{
	static const cap_value_t caps[] = {CAP_SYS_ADMIN, CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE,
					   CAP_KILL};

	struct rootwriter writer;
	int status = LSL_FAILED;

	if (!lsl_is_privileged("stop") || !lsl_start_writer(options, &writer))
		return LSL_FAILED;
	/* Only --kill needs CAP_KILL. */
	if (lsl_confine(options, caps, options->kill ? 4 : 3))
		status = lsl_stop_confined(options, &writer, NULL);
	rootwriter_end(&writer);
	return status;
}
