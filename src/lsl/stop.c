/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lsl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/stat.h>

#include "mount/cmddir_state.h"
#include "foreign/interpreter.h"
#include "mount/nspin.h"
#include "started/record_write.h"
#include "rundir_visit.h"
#include "etc/mntsplit.h"
#include "pathnames.h"
#include "started/processes.h"
#include "base/progress.h"
#include "record.h"
#include "etc/rootwriter.h"
#include "mount/propagation.h"
#include "base/debug.h"
#include "started/rundir_lock.h"
#include "timelimit.h"

/* Between SIGTERM and SIGKILL. */
#define GRACE_MS 5000

struct stopping {
	const struct options *options;
	const struct rootwriter *writer;
	size_t meant; /* how many are to be stopped */
	const struct conf *restarted_from;
	struct rundir rundir; /* its dir is -1 if no container is started */
	struct homes homes;
	const char *name; /* the container at hand */
	bool has_programs; /* programs that still run in it were named */
	int status; /* the exit status so far */
};

static int say_running(const struct process *process, const struct home *home, void *arg)
{
	struct stopping *stopping = arg;

	if (strcmp(home->name, stopping->name) != 0)
		return 0;
	lsl_say("%s: still running: %d %.200s", home->name, (int)process->pid, process->command);
	stopping->has_programs = true;
	return 0;
}

/*
 * Ends what runs in the container NAME, or names it. Processes that SIGKILL has
 * not ended are blocked in the kernel, or start others faster than they are
 * found.
 */
static void end_or_name_processes(struct stopping *stopping, const char *name)
{
	int status = PROCESSES_LEFT;

	stopping->name = name;
	stopping->has_programs = false;
	if (stopping->options->kill)
		status = processes_kill(&stopping->homes, name, GRACE_MS);
	if (status == PROCESSES_LEFT) {
		if (stopping->options->kill) {
			lsl_say("%s: programs in it could not be ended", name);
			stopping->status = LSL_FAILED;
		}
		status = processes_visit(&stopping->homes, say_running, stopping);
	}
	if (status == 0)
		return;
	lsl_say("%s: cannot look for running programs: %s", name, strerror(-status));
	stopping->status = LSL_FAILED;
}

/*
 * Whether NAME could be started again; a container that is no longer configured
 * is simply stopped.
 */
static bool can_restart(struct stopping *stopping, const char *name)
{
	const struct container *container = conf_find(stopping->restarted_from, name);
	struct stat st;
	int status;

	if (!container)
		return true;
	/* lsl start reports that. */
	if (container->has_errors)
		return false;
	status = timelimit_stat(container->path, &st, TIMELIMIT_ANSWER_MS);
	if (status == 0) {
		if (!lsl_refuses(container))
			return true;
		stopping->status = LSL_FAILED;
		return false;
	}
	lsl_say("%s:%u: %s: %s; %s is not restarted", container->file, container->path_line,
		container->path,
		status == -ETIMEDOUT ? "it does not answer (a dead network file system?)"
				     : strerror(-status),
		name);
	stopping->status = LSL_FAILED;
	return false;
}

static int count_to_stop(const char *name, void *arg)
{
	struct stopping *stopping = arg;

	if (lsl_is_meant(stopping->options, name))
		stopping->meant++;
	return 0;
}

/* Whether files of the host are in the root filesystem of NAME. */
static bool has_copies(const struct stopping *stopping, const char *name)
{
	static char text[RECORD_SIZE_MAX + 1];
	struct record record;

	return record_read(stopping->rundir.dir, name, text, sizeof(text), &record) == 0 &&
	       *record.copies;
}

/* Takes the host's files out of its root filesystem. */
static void take_out(struct stopping *stopping, const struct home *home)
{
	if (!home->path || mntsplit_is_shared(stopping->rundir.dir, home->name, home->path))
		return;
	if (rootwriter_take_out(stopping->writer, home->name, home->path) < 0)
		stopping->status = LSL_FAILED;
}

static const struct home *find_home(const struct stopping *stopping, const char *name)
{
	size_t i;

	for (i = 0; i < stopping->homes.count; i++)
		if (strcmp(stopping->homes.list[i].name, name) == 0)
			return &stopping->homes.list[i];
	return NULL;
}

/*
 * The same for a container that was stopped, unless it is started again with
 * the same root filesystem.
 */
static void take_out_stopped(struct stopping *stopping, const char *name, bool had_files)
{
	const struct conf *conf = stopping->restarted_from;
	const struct container *again = conf ? conf_find(conf, name) : NULL;
	const struct home *home = find_home(stopping, name);

	if (again && home && home->path && strcmp(again->path, home->path) == 0)
		return;
	if (had_files && stopping->has_programs)
		lsl_say("%s: its programs that still run lose the host's people and files below /etc",
			name);
	if (home)
		take_out(stopping, home);
}

/* Removes the record first: from then on no command of the container starts. */
static int stop_one(const char *name, void *arg)
{
	struct stopping *stopping = arg;
	bool had_files;
	int status;

	if (!lsl_is_meant(stopping->options, name) ||
	    (stopping->restarted_from && !can_restart(stopping, name)))
		return 0;
	progress_next(name);
	had_files = has_copies(stopping, name);
	status = record_remove(stopping->rundir.dir, name);
	end_or_name_processes(stopping, name);
	debug("%s: removed its record, unpin its namespace: umount2 %s/%s", name, PATH_MNTDIR,
	      name);
	if (status == 0)
		status = nspin_remove(stopping->rundir.dir, name);
	if (status < 0) {
		lsl_say("%s: cannot stop: %s", name, strerror(-status));
		stopping->status = LSL_FAILED;
	}
	take_out_stopped(stopping, name, had_files);
	return 0;
}

static int unmount_commands(void)
{
	int status = cmddir_unmount(cmddir_state_of(PATH_LINKSDIR, CMDDIR_PATIENCE_MS));

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

/* What an earlier stop has left in containers that are not started. */
static void end_or_name_left(struct stopping *stopping)
{
	const struct home *home;
	size_t i;

	for (i = 0; i < stopping->homes.count; i++) {
		home = &stopping->homes.list[i];
		if (!home->is_in_rundir && lsl_is_meant(stopping->options, home->name))
			end_or_name_processes(stopping, home->name);
	}
}

static int stop_all(struct stopping *stopping)
{
	const struct options *options = stopping->options;
	int status = LSL_OK;

	if (!stopping->restarted_from)
		status = lsl_check_names(options, stopping->rundir.dir);
	if (status != LSL_OK)
		stopping->status = status;
	status = rundir_visit(stopping->rundir.dir, count_to_stop, stopping);
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
 * If the machine went down without a stop, or a stop was killed, the host's
 * files are still in root filesystems of containers that are not started.
 */
static void take_out_leftovers(struct stopping *stopping)
{
	const struct home *home;
	struct stat st;
	size_t i;

	for (i = 0; i < stopping->homes.count; i++) {
		home = &stopping->homes.list[i];
		if (home->is_in_rundir || !lsl_is_meant(stopping->options, home->name))
			continue;
		/* A later stop looks again at what does not answer. */
		if (home->path && timelimit_stat(home->path, &st, TIMELIMIT_ANSWER_MS) == 0)
			take_out(stopping, home);
	}
}

/*
 * No container is started, but the command directory may still be mounted, for
 * example by fstab.
 */
static int stop_nothing(const struct stopping *stopping)
{
	int status;

	if (stopping->restarted_from)
		return stopping->status;
	status = stopping->options->name_count ? lsl_check_names(stopping->options, -1)
					       : unmount_commands();
	return status != LSL_OK ? status : stopping->status;
}

/* CONF is empty if it cannot be read. */
static int stop_with(struct stopping *stopping, const struct conf *conf)
{
	int status, locked = rundir_lock(RUNDIR_MAKE_LOCK, &stopping->rundir);

	if (locked < 0 && locked != -ENOENT) {
		lsl_say_mntdir(locked);
		return LSL_FAILED;
	}
	if (locked < 0)
		stopping->rundir.dir = -1;
	status = homes_read(&stopping->homes, stopping->rundir.dir, conf);
	if (status < 0) {
		lsl_say("cannot look for running programs: %s", strerror(-status));
		stopping->status = LSL_FAILED;
	}
	end_or_name_left(stopping);
	if (!stopping->restarted_from)
		take_out_leftovers(stopping);
	status = locked < 0 ? stop_nothing(stopping) : stop_all(stopping);
	if (locked == 0)
		rundir_unlock(&stopping->rundir);
	homes_clear(&stopping->homes);
	return status;
}

int lsl_stop_confined(const struct options *options, const struct rootwriter *writer,
		      const struct conf *restarted_from)
{
	struct stopping stopping = {
		.options = options,
		.writer = writer,
		.restarted_from = restarted_from,
	};
	struct conf conf;
	const char *why;
	int status;

	if (restarted_from)
		return stop_with(&stopping, restarted_from);
	if (conf_read(options->config, &conf, &why) < 0)
		debug("%s: %s", options->config, why);
	status = stop_with(&stopping, &conf);
	conf_clear(&conf);
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
