/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lsl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rootfs/answers.h"
#include "mount/cmdshow.h"
#include "follow.h"
#include "menus/menus.h"
#include "monotonic.h"
#include "started/hostrecord.h"
#include "rundir.h"
#include "rundir_visit.h"
#include "mount/nsbuild.h"
#include "pathnames.h"
#include "etc/accountline.h"
#include "etc/rootwriter.h"
#include "started/instance.h"
#include "base/debug.h"
#include "started/rundir_lock.h"
#include "timelimit.h"

/* The time, in microseconds, that changes which belong together may take. */
#define SETTLE_US 20000

/*
 * How many milliseconds to wait for another follower to end after the last
 * container has been stopped.
 */
#define PATIENCE_MS 2000

/*
 * The time, in milliseconds, after which account files that a program inside
 * has locked are tried again, and menus that are behind.
 */
#define AGAIN_MS 3000

struct refreshing {
	const struct rootwriter *writer;
	struct menus *menus;
	int rundir;
	bool is_any; /* a container is started */
	bool has_failed; /* after a message */
	/*
	 * Account files of a container are locked, after a message, or the
	 * menus are behind.
	 */
	bool is_unfinished;
	bool is_writer_gone;
};

/* The watches, and the MNTDIR of the containers. */
struct following {
	struct follow follow;
	int rundir;
};

/* Updates the started CONTAINER of INSTANCE. */
static int refresh_container(struct refreshing *refreshing, const struct instance *instance,
			     const struct container *container)
{
	struct bind_result nothing_added;
	int *statuses, status, restricted;
	struct failure failure;
	size_t i;

	if (!answers_in_time(container)) {
		lsl_say("%s: not refreshed: one of its file systems does not answer",
			container->name);
		return -ETIMEDOUT;
	}
	statuses = calloc(container->copy_count + 1, sizeof(*statuses));
	status = statuses ? rootwriter_apply(refreshing->writer, container, false, statuses)
			  : -ENOMEM;
	for (i = 0; i < container->copy_count && status == 0; i++)
		refreshing->is_unfinished |= statuses[i] == -EAGAIN;
	if (status < 0 && status != -EPIPE && status != -ETIMEDOUT)
		lsl_say("%s: cannot refresh: %s", container->name, strerror(-status));
	/* Makes later mounts of the host nosuid. */
	restricted = nsbuild_update(container, instance->nsfd, NULL, 0, &nothing_added, &failure);
	if (restricted < 0)
		lsl_say("%s: cannot refresh: %s", container->name, failure.text);
	free(statuses);
	return status < 0 ? status : restricted;
}

/* Updates a started container by its record, without the configuration. */
static int refresh_one(const char *name, void *arg)
{
	static struct instance instance;
	struct refreshing *refreshing = arg;
	struct container container;
	int status;

	instance_look(refreshing->rundir, name, &instance);
	if (instance.kind != INSTANCE_STARTED || !instance_container(&instance, &container)) {
		instance_release(&instance);
		return 0;
	}
	debug("%s: refresh", name);
	menus_tell(refreshing->menus, &instance);
	status = refresh_container(refreshing, &instance, &container);
	refreshing->has_failed |= status < 0;
	refreshing->is_any = true;
	refreshing->is_writer_gone |= status == -EPIPE;
	container_clear(&container);
	instance_release(&instance);
	return 0;
}

enum refreshed {
	NOTHING_STARTED,
	ALL_REFRESHED,
	NOT_REFRESHED, /* all or some of them, after a message */
	UNFINISHED, /* something has to be tried again */
};

/* -EPIPE if the rootwriter has ended. */
static int refresh_all(const struct rootwriter *writer, struct menus *menus)
{
	struct refreshing refreshing = {.writer = writer, .menus = menus};
	struct rundir rundir;
	int status = rundir_lock(RUNDIR_MAKE_NOTHING, &rundir);

	if (status == -ENOENT)
		return NOTHING_STARTED;
	if (status == 0) {
		refreshing.rundir = rundir.dir;
		status = cmdshow_make_links(rundir.dir);
		if (status == 0)
			status = hostrecord_write(rundir.dir);
		if (status == 0)
			status = rundir_visit(rundir.dir, refresh_one, &refreshing);
		rundir_unlock(&rundir);
	}
	if (status < 0) {
		lsl_say_mntdir(status);
		return NOT_REFRESHED;
	}
	refreshing.is_unfinished |= !menus_told(menus) && refreshing.is_any;
	if (refreshing.is_writer_gone)
		return -EPIPE;
	if (refreshing.is_unfinished)
		return UNFINISHED;
	if (refreshing.has_failed)
		return NOT_REFRESHED;
	return refreshing.is_any ? ALL_REFRESHED : NOTHING_STARTED;
}

/* Files of the host. */
struct sources {
	const struct bind *binds;
	size_t count;
};

static int follow_sources(struct follow *follow, const struct sources *sources)
{
	int status = 0;
	size_t i;

	for (i = 0; i < sources->count && status == 0; i++)
		status = follow_add(follow, sources->binds[i].source);
	return status;
}

static long try_sources(const void *arg)
{
	struct follow trial;
	int status = follow_begin(&trial);

	return status < 0 ? status : follow_sources(&trial, arg);
}

/*
 * Watches those of the COUNT sources of BINDS that are on file systems that
 * answer: a dead one must not keep the others from being watched.
 */
static int follow_answering(struct follow *follow, const struct bind *binds, size_t count)
{
	struct sources sources = {binds, count};
	int status = 0;
	size_t i;

	if (timelimit_run(try_sources, &sources, TIMELIMIT_ANSWER_MS) != -ETIMEDOUT)
		return follow_sources(follow, &sources);
	if (count == 1)
		debug("not watched, it does not answer: %s", binds->source);
	for (i = 0; i < count && count > 1 && status == 0; i++)
		status = follow_answering(follow, &binds[i], 1);
	return status;
}

/* Watches the files of the host that the record of one container names. */
static int follow_one(const char *name, void *arg)
{
	static struct instance instance;
	struct following *following = arg;
	struct container container;
	int status = 0;

	instance_look(following->rundir, name, &instance);
	if (instance.kind == INSTANCE_STARTED && instance_container(&instance, &container)) {
		status = follow_answering(&following->follow, container.copies,
					  container.copy_count);
		container_clear(&container);
	}
	instance_release(&instance);
	return status;
}

static int begin_to_follow(struct following *following)
{
	/*
	 * The account files are read whichever of them mnt names; if nscd's
	 * socket exists, it is covered.
	 */
	static const char *const paths[] = {PATH_MNTDIR, PATH_NSCD_SOCKET, "/etc/login.defs"};
	int file, status = follow_begin(&following->follow);
	size_t i;

	if (status < 0)
		return status;
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]) && status == 0; i++)
		status = follow_add(&following->follow, paths[i]);
	for (file = 0; file < ACCOUNT_FILES && status == 0; file++)
		status = follow_add(&following->follow, account_file_path(file));
	/* Includes containers that are started from now on. */
	if (status == 0)
		status = follow_add_suffix(&following->follow, PATH_MNTDIR, ":record");
	if (status == 0)
		status = rundir_visit(following->rundir, follow_one, following);
	if (status < 0)
		follow_end(&following->follow);
	return status;
}

/*
 * First begins to watch, then looks, so that no change between two looks is
 * missed. Waits for the end of a change that comes in pieces. Returns enum
 * refreshed or a negative errno.
 */
static int follow_once(const struct rootwriter *writer, struct menus *menus,
		       struct following *following)
{
	int refreshed, status = begin_to_follow(following);

	if (status < 0) {
		lsl_say("cannot watch the host's files: %s", strerror(-status));
		return status;
	}
	refreshed = refresh_all(writer, menus);
	if (refreshed > NOTHING_STARTED) {
		status = follow_wait(&following->follow, refreshed == UNFINISHED ? AGAIN_MS : -1);
		usleep(SETTLE_US);
	}
	follow_end(&following->follow);
	return status < 0 ? status : refreshed;
}

/*
 * There is one process that follows the host for MNTDIR, until no container is
 * started. Returns an fd that holds its lock; -EAGAIN: there is another one.
 */
static int lock_following(int rundir)
{
	/*
	 * This is another lock than the flock(2) that every lsl takes on the
	 * file. The fd stays open, and so the lock stays.
	 */
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	long deadline = monotonic_ms() + PATIENCE_MS;
	int fd = openat(rundir, RUNDIR_LOCK, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	while (fcntl(fd, F_OFD_SETLK, &lock) < 0) {
		err = errno;
		if ((err != EAGAIN && err != EACCES) || monotonic_ms() > deadline) {
			close(fd);
			return err == EACCES ? -EAGAIN : -err;
		}
		usleep(20000);
	}
	return fd;
}

/*
 * Whether LOCK is still the lock of MNTDIR: stop removes it with MNTDIR, and
 * start makes another one.
 */
static bool is_still_there(int lock)
{
	struct stat st;

	return fstat(lock, &st) == 0 && st.st_nlink > 0;
}

static int follow(const struct rootwriter *writer, struct menus *menus)
{
	struct following following = {.rundir = rundir_open()};
	int lock, refreshed = ALL_REFRESHED;

	if (following.rundir == -ENOENT)
		return LSL_OK;
	lock = following.rundir < 0 ? following.rundir : lock_following(following.rundir);
	if (lock == -EAGAIN)
		debug("another process already follows the host");
	else if (lock < 0)
		lsl_say_mntdir(lock);
	while (lock >= 0 && refreshed > NOTHING_STARTED && is_still_there(lock))
		refreshed = follow_once(writer, menus, &following);
	if (following.rundir >= 0)
		close(following.rundir);
	return (lock < 0 && lock != -EAGAIN) || refreshed < 0 ? LSL_FAILED : LSL_OK;
}

/* The containers' programs are commands also without the directory. */
static void start_menus(const struct options *options, struct menus *menus)
{
	int status = options->follow ? menus_start(menus, options->seccomp) : 0;

	if (status < 0)
		lsl_say("cannot start the process that updates the menus: %s", strerror(-status));
}

static int refresh_once(const struct rootwriter *writer, struct menus *menus)
{
	int refreshed = refresh_all(writer, menus);

	return refreshed == NOTHING_STARTED || refreshed == ALL_REFRESHED ? LSL_OK : LSL_FAILED;
}

int lsl_refresh(const struct options *options)
{
	static const cap_value_t caps[] = {CAP_SYS_ADMIN, CAP_DAC_READ_SEARCH, CAP_SYS_CHROOT};
	struct menus menus = {.socket = -1};
	struct rootwriter writer;
	int status = LSL_FAILED;

	if (!lsl_is_privileged("refresh") || !lsl_start_writer(options, &writer))
		return LSL_FAILED;
	start_menus(options, &menus);
	if (userdb_start(&writer.userdb) < 0)
		lsl_say("cannot fork: %s", strerror(errno));
	else if (lsl_confine(options, caps, sizeof(caps) / sizeof(caps[0])))
		status = options->follow ? follow(&writer, &menus) : refresh_once(&writer, &menus);
	menus_end(&menus);
	rootwriter_end(&writer);
	return status;
}
