/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lsl.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/stat.h>
#include <unistd.h>

#include "started/instance.h"
#include "base/json.h"
#include "create/making.h"
#include "mountinfo.h"
#include "pathnames.h"
#include "files/pathtext.h"
#include "started/processes.h"
#include "etc/rootwriter.h"
#include "started/rundir_lock.h"
#include "create/section.h"
#include "create/store.h"
#include "timelimit.h"
#include "base/transfer.h"

struct removal {
	const struct options *options;
	const char *name;
	struct forked maker;
	struct rootwriter writer;
	struct store_record record;
	char *path; /* the root filesystem */
	char *section; /* the file of its section */
	bool deletes; /* the root filesystem is deleted too */
	bool is_started; /* or half of it */
	bool has_programs; /* running ones */
	uint64_t bytes;
};

static int refuse_removal(const struct removal *removal, const struct failure *failure)
{
	lsl_say("%s: not removed: %s", removal->name, failure->text);
	return LSL_FAILED;
}

/* The state of the container. */

/*
 * Whether the file has only the section of CONTAINER, and is the one that lsl
 * create writes.
 */
static bool has_own_file(const struct removal *removal, const struct conf *conf,
			 const struct container *container)
{
	struct stat file, section;
	size_t i, count = 0;

	for (i = 0; i < conf->container_count; i++)
		if (conf->containers[i]->file == container->file)
			count++;
	return count == 1 && stat(container->file, &file) == 0 &&
	       stat(removal->section, &section) == 0 && file.st_dev == section.st_dev &&
	       file.st_ino == section.st_ino;
}

/*
 * Reads the record, after incomplete work of killed processes is undone or
 * finished.
 */
static int sweep_and_read_record(struct removal *removal, struct failure *failure)
{
	struct store store = {.dir = -1};
	int status = store_lock(false, &store, failure);

	if (status < 0)
		return status;
	status = store_sweep(&store, removal->options->config, making_remove_leftover,
			     &removal->maker);
	if (status == 0)
		status = store_read_record(store.dir, removal->name, &removal->record);
	store_unlock(&store);
	if (status < 0 && status != -ENOENT)
		failure_set(failure, status, "cannot read its record in %s", PATH_STATEDIR);
	return status;
}

/* Finds out what the container has, and that lsl create made it. */
static int look_at_store(struct removal *removal, const struct conf *conf, struct failure *failure)
{
	const struct options *options = removal->options;
	const struct container *container = conf_find(conf, removal->name);
	int status;

	if (!container || !container->path)
		return failure_say(failure, ENOENT, "there is no container of that name in %s",
				   options->config);
	removal->path = strdup(container->path);
	removal->section = section_path(options->config, removal->name);
	if (!removal->path || !removal->section)
		return failure_set(failure, ENOMEM, "cannot continue");
	status = sweep_and_read_record(removal, failure);
	if (status == -ENOENT)
		return failure_say(
			failure, ENOENT,
			"lsl create did not make it: stop it, and remove its section from %s:%u",
			container->file, container->line);
	if (status == 0 && !has_own_file(removal, conf, container))
		return failure_say(
			failure, EEXIST,
			"its section is with others, or not where lsl create wrote it: remove it from %s:%u first",
			container->file, container->line);
	removal->deletes = !removal->record.is_adopted && !options->keep_files;
	return status;
}

/* Whether the root filesystem is the directory that lsl create has made. */
static int check_directory(const struct removal *removal, struct failure *failure)
{
	char made[sizeof(PATH_STATEDIR) + 1 + CONTAINER_NAME_MAX];
	struct stat st;

	snprintf(made, sizeof(made), "%s/%s", PATH_STATEDIR, removal->name);
	if (!removal->deletes ||
	    (strcmp(made, removal->path) == 0 && lstat(made, &st) == 0 &&
	     st.st_dev == removal->record.dev && st.st_ino == removal->record.ino))
		return 0;
	return failure_say(failure, EINVAL,
			   "%s is not the directory that lsl create made (--keep-files keeps it)",
			   removal->path);
}

/*
 * Whether PATH, of another container, or NULL, is in the directory to delete or
 * leads there.
 */
static bool is_deleted(const struct removal *removal, const char *path)
{
	char *real = path ? realpath(path, NULL) : NULL;
	bool is_below = (path && path_is_at_or_below(path, removal->path)) ||
			(real && path_is_at_or_below(real, removal->path));

	free(real);
	return is_below;
}

/* The paths that OTHER needs: its own, its interpreter, and those of mnt. */
static const char *needed_path(const struct container *other, size_t i, const char **key)
{
	*key = i == 0 ? "path" : i == 1 ? "interpreter" : "mnt";
	if (i == 0)
		return other->path;
	return i == 1 ? other->interpreter : other->binds[i - 2].source;
}

struct deletion {
	const struct removal *removal;
	const struct container *other;
};

/*
 * Returns the number of the first of these paths that is in the directory to
 * delete; -ENOENT: there is none.
 */
static long find_deleted(const void *arg)
{
	const struct deletion *deletion = arg;
	const char *key;
	size_t i;

	for (i = 0; i < deletion->other->bind_count + 2; i++)
		if (is_deleted(deletion->removal, needed_path(deletion->other, i, &key)))
			return (long)i;
	return -ENOENT;
}

static int check_other(const struct removal *removal, const struct container *other,
		       struct failure *failure)
{
	const struct deletion deletion = {removal, other};
	long found = timelimit_run(find_deleted, &deletion, TIMELIMIT_ANSWER_MS);
	const char *path, *key;

	if (found == -ENOENT)
		return 0;
	if (found < 0)
		return failure_say(
			failure, (int)-found,
			"cannot see whether %s (%s:%u) needs its root filesystem: %s (--keep-files keeps it)",
			other->name, other->file, other->line,
			found == -ETIMEDOUT ? "a file system does not answer"
					    : strerror((int)-found));
	path = needed_path(other, (size_t)found, &key);
	return failure_say(failure, EBUSY, "%s of %s (%s:%u) is %s (--keep-files keeps it)", key,
			   other->name, other->file, other->line, path);
}

/* Whether no other container needs the directory to delete. */
static int check_others(const struct removal *removal, const struct conf *conf,
			struct failure *failure)
{
	const struct container *other;
	int status = 0;
	size_t i;

	for (i = 0; i < conf->container_count && removal->deletes && status == 0; i++) {
		other = conf->containers[i];
		if (strcmp(other->name, removal->name) != 0)
			status = check_other(removal, other, failure);
	}
	return status;
}

/*
 * Whether the container is still the same: another lsl may have removed and
 * made it while the user was asked.
 */
static int check_again(const struct removal *removal, const struct store *store,
		       struct failure *failure)
{
	const struct store_record *seen = &removal->record;
	struct store_record now;
	int status = store_read_record(store->dir, removal->name, &now);

	if (status < 0 || now.is_adopted != seen->is_adopted || now.dev != seen->dev ||
	    now.ino != seen->ino)
		return failure_say(failure, EBUSY, "another lsl has removed or replaced it");
	return check_directory(removal, failure);
}

/*
 * For mountinfo_visit: 1 if something is mounted at or below the root
 * filesystem.
 */
static int is_mounted_below(const struct mountinfo *mount, void *arg)
{
	const struct removal *removal = arg;

	return path_is_at_or_below(mount->mount_point, removal->path);
}

static int check_mounts(struct removal *removal, struct failure *failure)
{
	int status = mountinfo_visit_own(is_mounted_below, removal);

	if (status < 0)
		return failure_set(failure, status, "cannot see what is mounted");
	if (status == 1)
		return failure_say(failure, EBUSY, "something is mounted below %s (findmnt -R %s)",
				   removal->path, removal->path);
	return 0;
}

/* Prints it, unless it is to be ended. */
static int see_running(const struct process *process, const struct home *home, void *arg)
{
	struct removal *removal = arg;

	if (strcmp(home->name, removal->name) != 0)
		return 0;
	removal->has_programs = true;
	if (!removal->options->kill)
		lsl_say("%s: still running: %d %.200s", removal->name, (int)process->pid,
			process->command);
	return 0;
}

/*
 * Whether nothing runs in it, or its programs are to be ended. With the lock,
 * because a process of lsl refresh, which is no program of the container, may
 * be in its namespace for a moment.
 */
static int check_programs(struct removal *removal, const struct conf *conf, struct failure *failure)
{
	static struct instance instance;
	struct rundir rundir;
	struct homes homes;
	int status, lock = rundir_lock(RUNDIR_MAKE_LOCK, &rundir);

	/* -ENOENT: no container is started. */
	if (lock < 0 && lock != -ENOENT)
		return failure_set(failure, lock, "cannot lock %s", PATH_MNTDIR);
	status = homes_read(&homes, lock < 0 ? -1 : rundir.dir, conf);
	if (status == 0)
		status = processes_visit(&homes, see_running, removal);
	homes_clear(&homes);
	if (lock == 0) {
		instance_look(rundir.dir, removal->name, &instance);
		removal->is_started = instance.kind != INSTANCE_STOPPED;
		instance_release(&instance);
		rundir_unlock(&rundir);
	}
	if (status < 0)
		return failure_set(failure, status, "cannot look for running programs");
	if (!removal->has_programs || removal->options->kill)
		return 0;
	return failure_say(failure, EBUSY, "programs run in it (--kill ends them)");
}

static int measure_files(struct removal *removal, struct failure *failure)
{
	struct making_answer answer;

	if (!removal->deletes)
		return 0;
	if (making_ask(&removal->maker, MAKING_MEASURE, removal->path, &answer) < 0) {
		*failure = answer.failure;
		return answer.status;
	}
	removal->bytes = answer.bytes;
	return 0;
}

/*
 * Asking.
 */

static void say_plan(const struct removal *removal)
{
	char size[32];

	transfer_format_size(size, sizeof(size), (long)removal->bytes);
	if (removal->deletes)
		lsl_say("%s: %s (%s) and %s will be deleted", removal->name, removal->path, size,
			removal->section);
	else
		lsl_say("%s: %s will be deleted; %s stays", removal->name, removal->section,
			removal->path);
}

/* Asks for permission. Returns an exit status. */
static int ask_user(const struct removal *removal)
{
	char *answer = NULL;
	size_t size = 0;
	bool is_yes;

	if (removal->options->yes)
		return LSL_OK;
	if (!isatty(STDIN_FILENO)) {
		lsl_say("the question cannot be asked without a terminal: --yes answers it");
		return LSL_USAGE;
	}
	fprintf(stderr, "Remove %s? [y/N] ", removal->name);
	is_yes = getline(&answer, &size, stdin) > 0 && (answer[0] == 'y' || answer[0] == 'Y');
	free(answer);
	return is_yes ? LSL_OK : LSL_FAILED;
}

/*
 * Doing.
 */

static int stop(struct removal *removal, struct failure *failure)
{
	if (!removal->is_started) {
		/*
		 * Undoes the changes that remain after the machine went down.
		 */
		if (rootwriter_take_out(&removal->writer, removal->name, removal->path) < 0 &&
		    !removal->deletes)
			return failure_say(failure, EIO,
					   "files of the host stay in its root filesystem");
		if (!removal->has_programs)
			return 0;
	}
	if (lsl_stop_confined(removal->options, &removal->writer, NULL) == LSL_OK)
		return 0;
	return failure_say(failure, EBUSY, "it could not be stopped");
}

/*
 * From here on the container is not complete. If its root filesystem stays, the
 * record says so before the section is removed, so that store_sweep does not
 * delete it as a remainder.
 */
static int uncomplete(const struct removal *removal, const struct store *store)
{
	struct store_record kept = removal->record;
	int status = store_complete(store, removal->name, false);

	if (status < 0 || removal->deletes)
		return status;
	kept.is_adopted = true;
	return store_write_record(store, removal->name, &kept);
}

/*
 * Removes the container from the configuration and from all lists. Afterwards
 * WORK has to be deleted.
 */
static int unpublish(struct removal *removal, const struct store *store, struct store_work *work,
		     struct failure *failure)
{
	int status = uncomplete(removal, store);

	if (status < 0)
		return failure_set(failure, status, "cannot change its record");
	status = section_remove(removal->options->config, removal->name, failure);
	if (status < 0)
		return status;
	if (removal->deletes) {
		status = store_put_away(store, removal->name, work);
		if (status < 0)
			return failure_set(failure, status, "cannot rename %s", removal->path);
	}
	status = store_forget(store, removal->name);
	return status < 0 ? failure_set(failure, status, "cannot remove its record") : 0;
}

static int stop_and_delete(struct removal *removal, struct failure *failure)
{
	struct store_work work = {.fd = -1};
	struct making_answer answer;
	struct store store = {.dir = -1};
	int status = section_prepare(removal->options->config, failure);

	if (status == 0)
		status = store_lock(false, &store, failure);
	if (status < 0)
		return status;
	status = check_again(removal, &store, failure);
	if (status == 0)
		status = stop(removal, failure);
	if (status == 0 && removal->deletes && store_is_held(&store, removal->name))
		status = failure_say(failure, EBUSY,
				     "%s does not answer (a process may hold it: lsl-problems(7))",
				     removal->path);
	if (status == 0)
		status = unpublish(removal, &store, &work, failure);
	store_unlock(&store);
	if (work.fd < 0)
		return status;
	if (making_ask(&removal->maker, MAKING_REMOVE, work.name, &answer) < 0) {
		status = answer.status;
		failure_say(failure, -status,
			    "%s/%s is left until the next lsl create removes it: %s", PATH_STATEDIR,
			    work.name, answer.failure.text);
	}
	store_end(&work);
	return status;
}

static void print_removal_json(const struct removal *removal)
{
	struct json json;

	lsl_begin_json(&json);
	json_string(&json, "name", removal->name);
	json_string(&json, "rootfs", removal->path);
	json_bool(&json, "deleted", removal->deletes);
	json_number(&json, "bytes", (long)removal->bytes);
	lsl_end_json(&json);
}

static int remove_of(struct removal *removal, const struct conf *conf)
{
	struct failure failure = {""};
	int answer;

	if (look_at_store(removal, conf, &failure) < 0 || check_directory(removal, &failure) < 0 ||
	    check_others(removal, conf, &failure) < 0 || check_mounts(removal, &failure) < 0 ||
	    check_programs(removal, conf, &failure) < 0 || measure_files(removal, &failure) < 0)
		return refuse_removal(removal, &failure);
	say_plan(removal);
	answer = ask_user(removal);
	if (answer != LSL_OK)
		return answer;
	if (stop_and_delete(removal, &failure) < 0)
		return refuse_removal(removal, &failure);
	if (removal->options->json)
		print_removal_json(removal);
	return lsl_flush() ? LSL_OK : LSL_FAILED;
}

int lsl_remove(const struct options *options)
{
	/* The capabilities of stop; only --kill needs CAP_KILL. */
	static const cap_value_t caps[] = {CAP_SYS_ADMIN, CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE,
					   CAP_KILL};
	static struct making making;
	static struct removal removal;
	struct conf conf;
	int status = LSL_FAILED;

	removal.options = making.options = options;
	removal.name = options->names[0];
	if (!lsl_is_privileged("remove") || !making_start(&removal.maker, &making))
		return status;
	if (lsl_start_writer(options, &removal.writer)) {
		if (lsl_confine(options, caps, options->kill ? 4 : 3) &&
		    lsl_read_conf(options, &conf)) {
			status = remove_of(&removal, &conf);
			conf_clear(&conf);
		}
		rootwriter_end(&removal.writer);
	}
	forked_end(&removal.maker);
	free(removal.path);
	free(removal.section);
	return status;
}
