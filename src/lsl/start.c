/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lsl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/stat.h>
#include <unistd.h>

#include "answers.h"
#include "bins.h"
#include "cmdshow.h"
#include "exposure.h"
#include "helpers.h"
#include "hostpath.h"
#include "hostrecord.h"
#include "inroot.h"
#include "cmddir_state.h"
#include "interpreter.h"
#include "location.h"
#include "mnt_diff.h"
#include "monotonic.h"
#include "nspin.h"
#include "record_write.h"
#include "rundir.h"
#include "mntsplit.h"
#include "nsbuild.h"
#include "nsfile.h"
#include "pathnames.h"
#include "progress.h"
#include "record.h"
#include "propagation.h"
#include "instance.h"
#include "debug.h"
#include "rundir_lock.h"

/*
 * How many milliseconds the command directory may take to list the started
 * containers.
 */
#define LISTED_MS 5000

/* Says what keeps CONTAINER from being built; false then. */
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
		lsl_say("%s:%u: %s is the host's own root; %s is not started (name a root filesystem of its own)",
			container->file, container->path_line, container->path, container->name);
	else if (err)
		lsl_say("%s:%u: %s: %s; %s is not started (path is the directory of its root file system)",
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

/* A container without commands starts, as one that is filled later does. */
static void say_if_no_commands(const struct container *container)
{
	const char *problem = bins_problem(bins_look(container));

	if (problem)
		lsl_say("%s:%u: %s; %s has no commands (is %s a whole root file system?)",
			container->file, container->bins_line, problem, container->name,
			container->path);
}

/* The next look at a dead network file system would block for ever. */
static bool answers(const struct container *container, const char *consequence)
{
	if (answers_in_time(container))
		return true;
	lsl_say("%s:%u: %s: %s: its root file system, a directory of bins or an element of mnt does not answer (a dead network file system?)",
		container->file, container->path_line, container->name, consequence);
	return false;
}

/* Whether CONTAINER has to do without BIND for now, which is said. */
static bool is_left_out(const struct container *container, const struct bind *bind)
{
	struct hostpath place;
	int fd = hostpath_open(bind->source, &place);

	if (fd >= 0)
		close(fd);
	else if (fd == -ENOENT || fd == -ENOTDIR)
		lsl_say("%s:%u: %s is not there; %s goes without it (create it, then sudo lsl start %s)",
			container->file, bind->line, bind->source, container->name,
			container->name);
	else if (fd == -ELOOP)
		lsl_say("%s:%u: %s: %s is a symbolic link in a directory that others than root can change, and is not followed; %s goes without it (write into mnt where the link leads)",
			container->file, bind->line, bind->source, place.place, container->name);
	return fd == -ENOENT || fd == -ENOTDIR || fd == -ELOOP;
}

/*
 * Where the mount point of BIND lies; false where that is no place of the root
 * file system.
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
 * Whether a directory would have to be mounted on a file of the root file
 * system, or the reverse: a user may have exchanged the one for the other since
 * the mount point was made.
 */
static bool has_other_kind(const struct container *container, const struct bind *bind)
{
	int source = hostpath_open(bind->source, NULL), root = -1, target = -1;
	struct location location;
	struct stat host, inside;
	bool is_other = false;

	if (find_mount_point(container, bind, &location))
		root = location_open_root(&location);
	if (source >= 0 && root >= 0 && fstat(source, &host) == 0)
		target = inroot_open(root, location.path,
				     O_PATH | (S_ISDIR(host.st_mode) ? 0 : O_NOFOLLOW));
	if (target >= 0 && fstat(target, &inside) == 0)
		is_other = S_ISDIR(host.st_mode) != S_ISDIR(inside.st_mode);
	if (is_other)
		lsl_say("%s:%u: %s is %s, and %s in %s is %s: %s goes without it (make it what it was, or remove %s%s, which is the mount point)",
			container->file, bind->line, bind->source,
			S_ISDIR(host.st_mode) ? "a directory" : "no directory", bind->target,
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
 * Makes a copy of CONTAINER with those of its COUNT binds at BINDS that can be
 * mounted. The others are not in the record, so that a later start adds them.
 * False without memory; VIEW's binds are to be freed.
 */
static bool leave_out(const struct container *container, struct bind *const *binds, size_t count,
		      bool is_new, struct container *view)
{
	size_t i;

	*view = *container;
	view->binds = calloc(count + 1, sizeof(*view->binds));
	view->bind_count = 0;
	if (!view->binds)
		return false;
	for (i = 0; i < count; i++)
		if (!is_left_out(container, binds[i]) &&
		    !(is_new && has_other_kind(container, binds[i])))
			view->binds[view->bind_count++] = *binds[i];
	return true;
}

/* Binds that are being added to a running container. */
struct addition {
	const struct container *view; /* its binds are those to add */
	/* for the record; NULL: none was added, or there is no memory */
	char *mnt;
	struct record *record;
	int status;
};

static void take_added(size_t number, int status, const struct failure *failure, void *arg)
{
	struct addition *addition = arg;
	const struct bind *bind = &addition->view->binds[number];
	char *mnt;

	if (status < 0) {
		lsl_say("%s:%u: %s: not added: %s", addition->view->file, bind->line,
			addition->view->name, failure->text);
		addition->status = status;
		return;
	}
	mnt = mnt_diff_append(addition->record->mnt, bind);
	if (!mnt) {
		addition->status = -ENOMEM;
		return;
	}
	free(addition->mnt);
	addition->mnt = mnt;
	addition->record->mnt = mnt;
}

/*
 * Brings its running namespace NSFD up to date, with VIEW's binds added, to
 * RECORD too. MNT is to be freed when RECORD is done with.
 */
static int update(const struct container *view, int nsfd, struct record *record, char **mnt)
{
	struct addition addition = {.view = view, .record = record};
	const char *in_force = record->mnt;
	struct failure failure;
	int status;

	status = nsbuild_update(view, in_force, nsfd, take_added, &addition, &failure);
	if (status < 0)
		lsl_say("%s: not brought up to date: %s", view->name, failure.text);
	*mnt = addition.mnt;
	return status < 0 ? status : addition.status;
}

static void say_restart(const struct container *container, const char *key)
{
	lsl_say("%s: the changed %s takes effect after restart (sudo lsl restart %s)",
		container->name, key, container->name);
}

/* What of a changed mnt can be had at once. RECORD then has it. */
static int apply_mnt(const struct container *container, int nsfd, struct record *record, char **mnt)
{
	bool has_other_root = strcmp(record->path, container->path) != 0;
	struct mnt_diff change;
	struct container view = {.binds = NULL};
	int status = mnt_diff_find(record, container, &change);

	if (status < 0)
		return status;
	/*
	 * Mount points are made in the root file system that the configuration
	 * means, not in an earlier one.
	 */
	if (has_other_root && change.added_count) {
		change.needs_restart = true;
		change.added_count = 0;
	}
	if (leave_out(container, change.added, change.added_count, false, &view)) {
		view.own = instance_own(record);
		view.allowed = instance_allowed(record);
		view.has_no_commands = record->has_no_commands;
		status = update(&view, nsfd, record, mnt);
	} else {
		status = -ENOMEM;
	}
	if (has_other_root)
		say_restart(container, "path");
	if (instance_own(record) != container->own)
		say_restart(container, "own");
	if (record->has_no_commands != container->has_no_commands)
		say_restart(container, "host");
	if (change.needs_restart)
		say_restart(container, "mnt");
	free(view.binds);
	mnt_diff_clear(&change);
	return status;
}

static int write_record(int rundir, const struct container *container, int nsfd,
			const struct record *in_force)
{
	struct nsfile_id ns;
	int status = nsfile_identify(nsfd, &ns);

	record_fit_namespace(rundir, &ns);

	return status < 0 ? status : record_write(rundir, container, &ns, in_force);
}

/* A running container: what can change without a new namespace does so now. */
static int refresh(int rundir, const struct container *container, struct instance *instance)
{
	char *mnt = NULL;
	int status, applied;

	debug("%s: already started", container->name);
	debug("%s: compare its record with the configuration", container->name);
	applied = apply_mnt(container, instance->nsfd, &instance->record, &mnt);
	if (applied == -ENOMEM)
		lsl_say("%s: mnt is not added to: %s", container->name, strerror(ENOMEM));
	status = write_record(rundir, container, instance->nsfd, &instance->record);
	debug("%s: wrote its record: status %d", container->name, status);
	free(mnt);
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

/* What a start that was killed has left. */
static int remove_remains(int rundir, const char *name)
{
	int status = record_remove(rundir, name);

	return status < 0 ? status : nspin_remove(rundir, name);
}

/*
 * Fills a /run of the container's own, which the process PID has in its
 * namespace.
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

static int build(int rundir, const struct rootwriter *writer, const struct container *container,
		 struct failure *failure)
{
	struct failure later;
	struct nsbuild nsbuild;
	int ended, status = remove_remains(rundir, container->name);

	if (status < 0)
		return failure_set(failure, status, "cannot remove what is left in %s",
				   PATH_MNTDIR);
	status = nsbuild_start(container, &nsbuild, failure);
	if (status < 0)
		return status;
	status = fill_run(writer, container, nsbuild.pid, failure);
	if (status == 0)
		status = pin_and_record(rundir, container, nsbuild.pid, failure);
	ended = nsbuild_end(&nsbuild, &later);
	if (status == 0 && ended < 0) {
		*failure = later;
		remove_remains(rundir, container->name);
		status = ended;
	}
	return status;
}

/* Of what a start that failed has put into the root filesystem. */
static void take_out(const struct rootwriter *writer, int rundir, const struct container *container)
{
	if (!mntsplit_is_shared(rundir, container->name, container->path))
		rootwriter_take_out(writer, container->name, container->path);
}

static int start_new(int rundir, const struct rootwriter *writer, const struct container *container)
{
	struct bind **binds = calloc(container->bind_count + 1, sizeof(struct bind *));
	struct failure failure = {""};
	struct container view = {.binds = NULL};
	int status = -ENOMEM;
	size_t i;

	for (i = 0; binds && i < container->bind_count; i++)
		binds[i] = &container->binds[i];
	debug("%s: start", container->name);
	if (binds && leave_out(container, binds, container->bind_count, true, &view))
		status = build(rundir, writer, &view, &failure);
	else
		failure_set(&failure, ENOMEM, "cannot begin");
	free(view.binds);
	free(binds);
	if (status < 0)
		lsl_say("%s: not started: %s", container->name, failure.text);
	return status;
}

/*
 * A running container; its files in a root filesystem of another path wait for
 * a restart, as its mounts do.
 */
static int refresh_with_files(int rundir, const struct rootwriter *writer,
			      const struct container *container, struct instance *instance)
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
	struct container view;
	int started, status = mntsplit_apply(writer, container, true, &view);

	started = status == -ENOMEM ? status : start_new(rundir, writer, &view);
	mntsplit_clear(&view);
	if (started < 0)
		take_out(writer, rundir, container);
	return started < 0 ? started : status;
}

static int start_one(int rundir, const struct rootwriter *writer, const struct container *container)
{
	static struct instance instance;
	int status = 0;

	instance_look(rundir, container->name, &instance);
	if (container->has_errors) {
		lsl_say(instance.kind == INSTANCE_STARTED
				? "%s: its section has mistakes, it runs on as it was"
				: "%s: not started, its section has mistakes",
			container->name);
		status = -EINVAL;
	} else if (instance.kind == INSTANCE_STARTED &&
		   !answers(container, "it runs on as it was")) {
		status = -ETIMEDOUT;
	} else if (instance.kind == INSTANCE_STARTED) {
		interpreter_begin(rundir, container);
		status = refresh_with_files(rundir, writer, container, &instance);
		say_if_no_commands(container);
	}
	instance_release(&instance);
	if (status < 0 || instance.kind == INSTANCE_STARTED)
		return status;
	if (!answers(container, "not started") || !can_start(container) || lsl_refuses(container))
		return -EINVAL;
	interpreter_begin(rundir, container);
	status = start_with_files(rundir, writer, container);
	if (status == 0)
		say_if_no_commands(container);
	return status;
}

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
 * After start has ended, its commands can be called. Where that cannot be seen,
 * the containers are started all the same.
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
			lsl_say("%s is started, but %s does not list it (mount.lslfs has told syslog why)",
				name, PATH_LINKSDIR);
			status = LSL_FAILED;
		} else if (listed < 0) {
			lsl_say("%s is started, but whether %s lists it cannot be seen: %s", name,
				PATH_LINKSDIR, strerror(-listed));
		}
	}
	return status;
}

static int mount_commands(struct helpers *helpers)
{
	int state = cmddir_state(CMDDIR_PATIENCE_MS);

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

static int count_started(const char *name, void *arg)
{
	int *count = arg;

	(void)name;
	++*count;
	return 0;
}

/* Of several with one name the first: they all have a mistake. */
static bool is_to_start(const struct options *options, const struct conf *conf,
			const struct container *container)
{
	return lsl_is_meant(options, container->name) &&
	       conf_find(conf, container->name) == container;
}

static size_t count_meant(const struct options *options, const struct conf *conf)
{
	size_t i, count = 0;

	for (i = 0; i < conf->container_count; i++)
		if (is_to_start(options, conf, conf->containers[i]))
			count++;
	return count;
}

/*
 * The exit status of starting those that are meant, and in STARTED how many
 * containers run now.
 */
static int start_all(const struct options *options, int rundir, const struct rootwriter *writer,
		     const struct conf *conf, int *started)
{
	int counted, status = LSL_OK;
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
	progress_begin("start", count_meant(options, conf));
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
	*started = 0;
	counted = rundir_visit(rundir, count_started, started);
	if (counted < 0) {
		lsl_say_mntdir(counted);
		status = LSL_FAILED;
	}
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
	int started, listed,
		status = start_all(options, rundir->dir, &helpers->writer, conf, &started);

	if (started == 0) {
		if (cmddir_is_mounted(PATH_LINKSDIR, NULL) == 0 &&
		    (propagation_end(rundir->dir) < 0 || rundir_remove_if_empty(rundir) < 0))
			lsl_say("cannot clean up %s", PATH_MNTDIR);
		return status;
	}
	if (!is_followed_elsewhere() && helpers_follow(helpers) < 0) {
		lsl_say("cannot start lsl refresh --follow: what the host changes comes with lsl refresh");
		status = LSL_FAILED;
	}
	if (mount_commands(helpers) < 0)
		return LSL_FAILED;
	listed = wait_until_listed(options, conf, rundir->dir);
	return status != LSL_OK ? status : listed;
}

/*
 * Locks MNTDIR and makes everything ready for containers; a negative errno
 * after saying why it could not.
 */
static int prepare(struct rundir *rundir)
{
	struct failure failure;
	int status;

	if (cmddir_prepare(&failure) < 0) {
		lsl_say("%s", failure.text);
		return -EIO;
	}
	status = rundir_lock(true, rundir);
	if (status < 0) {
		lsl_say_mntdir(status);
		return status;
	}
	status = cmdshow_make_links(rundir->dir);
	if (status == 0)
		status = hostrecord_write(rundir->dir);
	if (status < 0) {
		lsl_say("cannot write what commands in containers need into %s: %s", PATH_MNTDIR,
			strerror(-status));
		rundir_unlock(rundir);
		return status;
	}
	status = propagation_begin(rundir->dir);
	if (status < 0) {
		lsl_say("cannot note the host's mounts in %s: %s", PATH_MNTDIR, strerror(-status));
		rundir_unlock(rundir);
	}
	return status;
}

int lsl_start_confined(const struct options *options, const struct conf *conf,
		       struct helpers *helpers)
{
	struct rundir rundir;
	int status;

	if (prepare(&rundir) < 0)
		return LSL_FAILED;
	status = start_and_mount(options, helpers, conf, &rundir);
	rundir_unlock(&rundir);
	return status;
}

int lsl_start(const struct options *options)
{
	/* CAP_SYS_CHROOT is for entering a running container's namespace. */
	static const cap_value_t caps[] = {CAP_SYS_ADMIN, CAP_DAC_READ_SEARCH, CAP_SYS_CHROOT};
	struct helpers helpers;
	struct conf conf;
	int status = LSL_FAILED;

	if (!lsl_is_privileged("start") || !lsl_start_helpers(options, &helpers))
		return LSL_FAILED;
	if (lsl_confine(options, caps, sizeof(caps) / sizeof(caps[0])) &&
	    lsl_read_conf(options, &conf)) {
		status = lsl_start_confined(options, &conf, &helpers);
		conf_clear(&conf);
	}
	helpers_end(&helpers);
	return status;
}
