/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "start_one.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "rootfs/answers.h"
#include "rootfs/bins.h"
#include "base/debug.h"
#include "rootfs/exposure.h"
#include "inroot.h"
#include "started/instance.h"
#include "foreign/interpreter.h"
#include "lsl.h"
#include "mount/mnt_diff.h"
#include "files/location.h"
#include "files/hostpath.h"
#include "etc/hostfiles.h"
#include "etc/mntsplit.h"
#include "mount/nsbuild.h"
#include "nsfile_identify.h"
#include "mount/nspin.h"
#include "pathnames.h"
#include "record.h"
#include "started/record_write.h"
#include "etc/rootwriter.h"
#include "timelimit.h"

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

/* The beginning of a message. Only lsl create has no section yet. */
static void begin_refusal(const struct container *container, char text[PATH_MAX + 128])
{
	if (container->file)
		snprintf(text, PATH_MAX + 128, "%s:%u: %s: not started", container->file,
			 container->path_line, container->name);
	else
		snprintf(text, PATH_MAX + 128, "%s: not created", container->name);
}

/* Sets *ANSWER, a bool: whether the container ARG is refused. Says why. */
static void look_at_exposure(void *answer, const void *arg)
{
	const struct container *container = arg;
	struct diag_place place = {.check = ""};
	struct diags diags = {.list = NULL};
	const struct diag *diag;
	char begin[PATH_MAX + 128];
	bool *refuses = answer;
	size_t i;

	begin_refusal(container, begin);
	exposure_find(container, &place, &diags);
	*refuses = diags_worst(&diags) == SEVERITY_ERROR;
	for (i = 0; i < diags.count; i++) {
		diag = &diags.list[i];
		if (diag->severity == SEVERITY_ERROR)
			lsl_say("%s: %s (%s)", begin, diag->text, diag->remedy ? diag->remedy : "");
	}
	if (diags.has_failed)
		lsl_say("%s: %s", begin, strerror(ENOMEM));
	diags_clear(&diags);
}

bool lsl_refuses(const struct container *container)
{
	char begin[PATH_MAX + 128];
	bool refuses = true;
	/* It prints on standard error. */
	int status = timelimit_ask(look_at_exposure, container, STDERR_FILENO, &refuses,
				   sizeof(refuses), EXPOSURE_MS);

	begin_refusal(container, begin);
	if (status < 0)
		lsl_say("%s: cannot see whether users other than root can change %s: %s", begin,
			container->path,
			status == -ETIMEDOUT ? "that takes too long" : strerror(-status));
	return status < 0 || refuses;
}

/*
 * A container with an incomplete root filesystem is started, because programs
 * may be added later.
 */
static void say_if_incomplete(const struct container *container)
{
	const char *problem = bins_problem(container, bins_look(container));
	char path[PATH_MAX];
	struct stat st;

	if (problem)
		lsl_say("%s:%u: %s; %s has no commands (fill %s with a root filesystem, or correct path and bins)",
			container->file, container->bins_line, problem, container->name,
			container->path);
	/* debootstrap removes this at its end. */
	snprintf(path, sizeof(path), "%s/debootstrap/debootstrap", container->path);
	if (lstat(path, &st) == 0)
		lsl_say("%s:%u: debootstrap has not finished %s; programs of %s may fail (sudo chroot %s /debootstrap/debootstrap --second-stage, or make it again)",
			container->file, container->path_line, container->path, container->name,
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

/*
 * The elements of mnt.
 */

/* Whether CONTAINER is started without BIND; if so, says that. */
static bool is_left_out(const struct container *container, const struct bind *bind)
{
	struct hostpath place;
	int fd = hostpath_open(bind->source, &place);

	if (fd >= 0)
		close(fd);
	else if (fd == -ENOENT || fd == -ENOTDIR)
		lsl_say("%s:%u: %s does not exist; %s is started without it (create it, then sudo lsl start %s)",
			container->file, bind->line, bind->source, container->name,
			container->name);
	else if (fd == -ELOOP)
		lsl_say("%s:%u: %s: %s is a symbolic link in a directory that users other than root can change, and is not followed; %s is started without it (write into mnt where the link leads)",
			container->file, bind->line, bind->source, place.place, container->name);
	return fd == -ENOENT || fd == -ENOTDIR || fd == -ELOOP;
}

/*
 * The place of BIND's mount point; false if it is not in the root filesystem.
 */
static bool find_mount_point(const struct container *container, const struct bind *bind,
			     struct location *location)
{
	size_t len = (size_t)(strrchr(bind->target, '/') - bind->target);
	char parent[PATH_MAX];
	int end;

	if (len + 2 > sizeof(parent))
		return false;
	memcpy(parent, bind->target, len);
	strcpy(parent + len, len ? "" : "/");
	if (!location_find(container, parent, location) || location->root != container->path)
		return false;
	end = snprintf(location->path, sizeof(location->path), "%s", bind->target);
	return (size_t)end < sizeof(location->path);
}

/*
 * Whether a directory would have to be mounted on a file of the root
 * filesystem, or the reverse: a user may have exchanged the one for the other
 * since the mount point was made.
 */
static bool has_other_kind(const struct container *container, const struct bind *bind)
{
	int source = hostpath_open(bind->source, NULL), root = -1, target = -1;
	struct location location;
	struct stat host, inside;
	bool is_other = false;

	if (find_mount_point(container, bind, &location))
		root = open(location.root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (source >= 0 && root >= 0 && fstat(source, &host) == 0)
		target = inroot_open(root, location.path,
				     O_PATH | (S_ISDIR(host.st_mode) ? 0 : O_NOFOLLOW));
	if (target >= 0 && fstat(target, &inside) == 0)
		is_other = S_ISDIR(host.st_mode) != S_ISDIR(inside.st_mode);
	if (is_other)
		lsl_say("%s:%u: %s is %s, and %s in %s is %s: %s is started without it (make it what it was, or remove %s%s, which is the mount point)",
			container->file, bind->line, bind->source,
			S_ISDIR(host.st_mode) ? "a directory" : "not a directory", bind->target,
			container->path, S_ISDIR(inside.st_mode) ? "one" : "none", container->name,
			container->path, bind->target);
	if (target >= 0)
		close(target);
	if (root >= 0)
		close(root);
	if (source >= 0)
		close(source);
	return is_other;
}

/*
 * Whether BIND's file below /etc has no mount point, and none can be made. If
 * so, says that CONTAINER is started without it.
 */
static bool lacks_mount_point(const struct container *container, const struct bind *bind)
{
	int root = open(container->path, O_PATH | O_DIRECTORY | O_CLOEXEC), target = -1;
	bool is_read_only, lacks;
	struct statfs fs;

	is_read_only = root >= 0 && fstatfs(root, &fs) == 0 && fs.f_flags & ST_RDONLY;
	if (is_read_only && hostfiles_takes(bind))
		target = inroot_open(root, bind->target, O_PATH | O_NOFOLLOW);
	lacks = target == -ENOENT;
	if (lacks)
		lsl_say("%s:%u: %s does not exist in %s, which is read-only; %s is started without it",
			container->file, bind->line, bind->target, container->path,
			container->name);
	if (target >= 0)
		close(target);
	if (root >= 0)
		close(root);
	return lacks;
}

/*
 * Removes those of CONTAINER's COUNT BINDS that cannot be mounted, and returns
 * the number of the others. They are not in the record, so that a later start
 * adds them. IS_NEW: the root filesystem has no mounts yet.
 */
static size_t leave_out_binds(const struct container *container, struct bind *binds, size_t count,
			      bool is_new)
{
	size_t i, kept = 0;

	for (i = 0; i < count; i++)
		if (!is_left_out(container, &binds[i]) &&
		    !lacks_mount_point(container, &binds[i]) &&
		    !(is_new && has_other_kind(container, &binds[i])))
			binds[kept++] = binds[i];
	return kept;
}

/*
 * Updates the namespace NSFD of STARTED, and adds COUNT BINDS of CONTAINER,
 * also to STARTED.
 */
static int add_to_started(const struct container *container, int nsfd, struct container *started,
			  const struct bind *binds, size_t count)
{
	struct bind_result *added = calloc(count + 1, sizeof(*added));
	struct failure failure;
	int status;
	size_t i;

	if (!added)
		return -ENOMEM;
	status = nsbuild_update(started, nsfd, binds, count, added, &failure);
	if (status < 0) {
		lsl_say("%s: not brought up to date: %s", container->name, failure.text);
		count = 0;
	}
	for (i = 0; i < count; i++) {
		if (added[i].status < 0)
			lsl_say("%s:%u: %s: not added: %s", container->file, binds[i].line,
				container->name, added[i].failure.text);
		else if (!instance_add_bind(started, &binds[i]))
			added[i].status = -ENOMEM;
		if (added[i].status < 0)
			status = added[i].status;
	}
	free(added);
	return status;
}

static void say_restart(const struct container *container, const char *key)
{
	lsl_say("%s: the changed %s takes effect after restart (sudo lsl restart %s)",
		container->name, key, container->name);
}

/* Makes the changes of mnt that are possible at once, also in STARTED. */
static int apply_mnt(const struct container *container, int nsfd, struct container *started)
{
	bool has_other_root = strcmp(started->path, container->path) != 0;
	struct mnt_diff change;
	int status = mnt_diff_find(started, container, &change);

	if (status < 0)
		return status;
	/*
	 * Mount points are made in the root filesystem that the configuration
	 * means, not in an earlier one.
	 */
	if (has_other_root && change.added_count) {
		change.needs_restart = true;
		change.added_count = 0;
	}
	change.added_count = leave_out_binds(container, change.added, change.added_count, false);
	status = add_to_started(container, nsfd, started, change.added, change.added_count);
	if (has_other_root)
		say_restart(container, "path");
	if (started->own != container->own)
		say_restart(container, "own");
	if (started->has_no_commands != container->has_no_commands)
		say_restart(container, "host");
	if (change.needs_restart)
		say_restart(container, "mnt");
	free(change.added);
	return status;
}

/*
 * Containers that are started.
 */

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
	applied = apply_mnt(container, instance->nsfd, &started);
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
		view.bind_count = leave_out_binds(container, view.binds, view.bind_count, true);
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
		say_if_incomplete(container);
	return status;
}
