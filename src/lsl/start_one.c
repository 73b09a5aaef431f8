/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "start_one.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rootfs/answers.h"
#include "rootfs/bins.h"
#include "base/debug.h"
#include "rootfs/exposure.h"
#include "inroot.h"
#include "started/instance.h"
#include "foreign/interpreter.h"
#include "lsl.h"
#include "etc/mntsplit.h"
#include "mount/nsbuild.h"
#include "nsfile_identify.h"
#include "mount/nspin.h"
#include "pathnames.h"
#include "record.h"
#include "started/record_write.h"
#include "etc/rootwriter.h"
#include "start_mnt.h"

/* Whether CONTAINER can be built; if not, says why. */
static bool can_start(const struct container *container)
{
	struct stat st, host;
	int err = 0;

	if (stat(container->path, &st) < 0 || stat("/", &host) < 0)
		err = errno;
	else if (!S_ISDIR(st.st_mode))
		err = ENOTDIR;
	else if (st.st_dev == host.st_dev && st.st_ino == host.st_ino)
		err = EBUSY;
	if (err == EBUSY)
		lsl_say("%s:%u: %s is the host's own root; %s is not started (name the directory of another root filesystem)",
			container->file, container->path_line, container->path, container->name);
	else if (err)
		lsl_say("%s:%u: %s: %s; %s is not started (path is the directory of its root filesystem)",
			container->file, container->path_line, container->path, strerror(err),
			container->name);
	return err == 0;
}

bool lsl_refuses(const struct container *container)
{
	struct diag_place place = {.check = ""};
	struct diags diags = {.list = NULL};
	const struct diag *diag;
	bool refuses;
	size_t i;

	exposure_find(container, &place, &diags);
	refuses = diags_worst(&diags) == SEVERITY_ERROR;
	for (i = 0; i < diags.count; i++) {
		diag = &diags.list[i];
		if (diag->severity == SEVERITY_ERROR)
			lsl_say("%s:%u: %s: not started: %s (%s)", container->file,
				container->path_line, container->name, diag->text,
				diag->remedy ? diag->remedy : "");
	}
	if (diags.has_failed)
		lsl_say("%s: not started: %s", container->name, strerror(ENOMEM));
	diags_clear(&diags);
	return refuses;
}

/*
 * A container without commands is started, because programs may be added later.
 */
static void say_if_no_commands(const struct container *container)
{
	const char *problem = bins_problem(bins_look(container));

	if (problem)
		lsl_say("%s:%u: %s; %s has no commands (is %s a complete root filesystem?)",
			container->file, container->bins_line, problem, container->name,
			container->path);
}

/* The next look at a dead network file system would block for ever. */
static bool answers(const struct container *container, const char *consequence)
{
	if (answers_in_time(container))
		return true;
	lsl_say("%s:%u: %s: %s: its root filesystem, a directory of bins or an element of mnt does not answer (a dead network file system?)",
		container->file, container->path_line, container->name, consequence);
	return false;
}

static int write_record(int rundir, const struct container *container, int nsfd,
			const struct container *in_force)
{
	struct nsfile_id ns;
	int status = nsfile_identify(nsfd, &ns);

	record_fit_namespace(rundir, &ns);

	return status < 0 ? status : record_write(rundir, container, &ns, in_force);
}

/* A started container: makes the changes that need no new namespace. */
static int refresh(int rundir, const struct container *container, const struct instance *instance)
{
	struct container started;
	int status, applied;

	debug("%s: already started", container->name);
	debug("%s: compare its record with the configuration", container->name);
	if (!instance_container(instance, &started)) {
		lsl_say("%s: not refreshed: %s", container->name, strerror(ENOMEM));
		return -ENOMEM;
	}
	applied = start_mnt_apply(container, instance->nsfd, &started);
	if (applied == -ENOMEM)
		lsl_say("%s: mnt is not added to: %s", container->name, strerror(ENOMEM));
	status = write_record(rundir, container, instance->nsfd, &started);
	debug("%s: wrote its record: status %d", container->name, status);
	container_clear(&started);
	if (status < 0) {
		lsl_say("%s: cannot write its record: %s", container->name, strerror(-status));
		return status;
	}
	return applied;
}

static int pin_and_record(int rundir, const struct container *container, pid_t pid,
			  struct failure *failure)
{
	int nsfd, status = nspin_make(rundir, container->name, pid);

	if (status < 0)
		return failure_set(failure, status, "cannot pin its mount namespace in %s",
				   PATH_MNTDIR);
	debug("%s: pinned in %s", container->name, PATH_MNTDIR);
	nsfd = nsfile_open(rundir, container->name, NULL);
	status = nsfd < 0 ? nsfd : write_record(rundir, container, nsfd, NULL);
	if (status < 0) {
		failure_set(failure, status, "cannot write its record");
		nspin_remove(rundir, container->name);
	}
	if (nsfd >= 0)
		close(nsfd);
	return status;
}

/* Removes the remains of a start that was killed. */
static int remove_remains(int rundir, const char *name)
{
	int status = record_remove(rundir, name);

	return status < 0 ? status : nspin_remove(rundir, name);
}

/*
 * Fills the container's own /run, which is in the namespace of the process PID.
 */
static int fill_run(const struct rootwriter *writer, const struct container *container, pid_t pid,
		    struct failure *failure)
{
	char path[64];
	int root, run, status;

	if (!(container->own & OWN_RUN))
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/root", (int)pid);
	root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	run = root < 0 ? -errno : inroot_open(root, "/run", O_PATH | O_DIRECTORY);
	status = run < 0 ? run : rootwriter_fill_run(writer, container->name, container->path, run);
	if (run >= 0)
		close(run);
	if (root >= 0)
		close(root);
	return status < 0 ? failure_set(failure, status, "cannot fill its own /run") : 0;
}

static int build_new(int rundir, const struct rootwriter *writer, const struct container *container,
		     struct failure *failure)
{
	int status = remove_remains(rundir, container->name);
	pid_t builder;

	if (status < 0)
		return failure_set(failure, status, "cannot remove what is left in %s",
				   PATH_MNTDIR);
	status = nsbuild_start(container, &builder, failure);
	if (status < 0)
		return status;
	status = fill_run(writer, container, builder, failure);
	if (status == 0)
		status = pin_and_record(rundir, container, builder, failure);
	nsbuild_end(builder);
	return status;
}

/*
 * Updates a started container. If its path has changed, its files in the root
 * filesystem wait for a restart, as its mounts do.
 */
static int refresh_with_files(int rundir, const struct rootwriter *writer,
			      const struct container *container, const struct instance *instance)
{
	struct container view;
	int refreshed, status = 0;

	if (strcmp(instance->record.path, container->path) != 0)
		return refresh(rundir, container, instance);
	status = mntsplit_apply(writer, container, true, &view);
	refreshed = status == -ENOMEM ? status : refresh(rundir, &view, instance);
	mntsplit_clear(&view);
	return refreshed < 0 ? refreshed : status;
}

static int start_with_files(int rundir, const struct rootwriter *writer,
			    const struct container *container)
{
	struct failure failure;
	struct container view;
	int started, status = mntsplit_apply(writer, container, true, &view);

	debug("%s: start", container->name);
	if (status == -ENOMEM) {
		started = failure_set(&failure, ENOMEM, "cannot continue");
	} else {
		view.bind_count = start_mnt_leave_out(container, view.binds, view.bind_count, true);
		started = build_new(rundir, writer, &view, &failure);
	}
	mntsplit_clear(&view);
	if (started == 0)
		return status;
	lsl_say("%s: not started: %s", container->name, failure.text);
	if (!mntsplit_is_shared(rundir, container->name, container->path))
		rootwriter_take_out(writer, container->name, container->path);
	return started;
}

enum step {
	LEAVE, /* unchanged, after a message */
	REFRESH,
	BUILD,
};

/* Makes all checks before any change. */
static enum step choose_step(const struct container *container, enum instance_kind kind)
{
	bool is_started = kind == INSTANCE_STARTED;

	if (container->has_errors) {
		lsl_say(is_started ? "%s: its section has mistakes; it stays started, unchanged"
				   : "%s: not started, its section has mistakes",
			container->name);
		return LEAVE;
	}
	if (!answers(container, is_started ? "it stays started, unchanged" : "not started"))
		return LEAVE;
	if (is_started)
		return REFRESH;
	return can_start(container) && !lsl_refuses(container) ? BUILD : LEAVE;
}

int start_one(int rundir, const struct rootwriter *writer, const struct container *container)
{
	static struct instance instance;
	enum step step;
	int status;

	instance_look(rundir, container->name, &instance);
	step = choose_step(container, instance.kind);
	if (step == LEAVE) {
		instance_release(&instance);
		return -EINVAL;
	}
	interpreter_begin(rundir, container);
	status = step == REFRESH ? refresh_with_files(rundir, writer, container, &instance) : 0;
	instance_release(&instance);
	if (step == BUILD)
		status = start_with_files(rundir, writer, container);
	if (step == REFRESH || status == 0)
		say_if_no_commands(container);
	return status;
}
