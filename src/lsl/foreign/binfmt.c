/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "foreign/binfmt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "foreign/binfmt_handler.h"
#include "container_name.h"
#include "inheritance.h"
#include "record.h"
#include "base/debug.h"
#include "timelimit.h"

/* The usual mount point, systemd's too. */
#define PATH_HOSTS "/proc/sys/fs/binfmt_misc"

/* How long, in milliseconds, a task may take. */
#define PATIENCE_MS 20000

_Static_assert(BINFMT_NAME_MAX > NAME_MAX, "a file's name fits");

/*
 * One line for each container that needs a handler of ours: "lsl-aarch64 NAME".
 */
#define NOTES ":handlers"
#define NOTES_NEW ":handlers.new"

/*
 * Notes.
 */

struct note {
	struct handler_name handler;
	char container[CONTAINER_NAME_MAX + 1];
};

/*
 * Calls VISIT with each note; returns its first value other than 0. No file: no
 * notes.
 */
static int visit_notes(int rundir, const char *file,
		       int (*visit)(const struct note *note, void *arg), void *arg)
{
	int status = 0, fd = openat(rundir, file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	FILE *notes = fd < 0 ? NULL : fdopen(fd, "r");
	struct note note;

	if (!notes) {
		status = -errno;
		if (fd >= 0)
			close(fd);
		return status == -ENOENT ? 0 : status;
	}
	_Static_assert(sizeof(note.handler.text) > 28 && CONTAINER_NAME_MAX == 48, "below");
	while (status == 0 && fscanf(notes, "%28s %48s\n", note.handler.text, note.container) == 2)
		status = visit(&note, arg);
	fclose(notes);
	return status;
}

static int append_note(int rundir, const char *file, const struct note *note)
{
	int fd = openat(rundir, file, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0644);
	int status;

	if (fd < 0)
		return -errno;
	status = dprintf(fd, "%s %s\n", note->handler.text, note->container) < 0 ? -errno : 0;
	close(fd);
	return status;
}

/* How many notes have WANTED's handler: for its container, for others. */
struct note_search {
	const struct note *wanted;
	size_t own, others;
};

static int count_note(const struct note *note, void *arg)
{
	struct note_search *search = arg;

	if (strcmp(note->handler.text, search->wanted->handler.text) != 0)
		return 0;
	if (strcmp(note->container, search->wanted->container) == 0)
		search->own++;
	else
		search->others++;
	return 0;
}

static int add_note(int rundir, const struct note_search *there)
{
	return there->own ? 0 : append_note(rundir, NOTES, there->wanted);
}

/*
 * The handler that was registered for other containers, or for this one before.
 */
static int reuse(int rundir, int dir, const struct note_search *there, const struct elfarch *arch,
		 const char *interpreter, const struct handler *handler, struct failure *failure)
{
	const struct handler_name *name = &there->wanted->handler;
	int status;

	if (strcmp(handler->interpreter, interpreter) == 0)
		return add_note(rundir, there);
	if (!there->others) {
		status = handler_unregister(dir, name);
		return status < 0 ? status : handler_register(dir, name, arch, interpreter);
	}
	status = add_note(rundir, there);
	if (status < 0)
		return status;
	failure_say(
		failure, -EEXIST,
		"its programs run under %s, the interpreter of another container: the kernel has one for each architecture",
		handler->interpreter);
	return BINFMT_PARTLY;
}

/* A handler that is not lsl's. */
static int leave_alone(const char *name, const struct handler *handler, struct failure *failure)
{
	debug("%s is there: %s", name, handler->interpreter);
	if (handler->keeps_argv0)
		return 0;
	failure_say(
		failure, -EEXIST,
		"its programs see their path as argv[0]: the handler %s of binfmt_misc, which is not lsl's, has no flag P",
		name);
	return BINFMT_PARTLY;
}

static int begin_handler(int rundir, int dir, const struct note *note, const struct elfarch *arch,
			 const char *interpreter, struct failure *failure)
{
	char name[NAME_MAX + 1], state[16] = "";
	struct note_search there = {.wanted = note};
	int status = visit_notes(rundir, NOTES, count_note, &there);
	struct handler handler;

	if (status == 0)
		status = handler_read_text(dir, "status", state, sizeof(state));
	if (status < 0)
		return status;
	if (strcmp(state, "enabled\n") != 0)
		return failure_say(failure, -EPERM,
				   "binfmt_misc is disabled (echo 1 to its status)");
	if (there.own + there.others && handler_read(dir, note->handler.text, &handler) == 0) {
		if (handler_serves(&handler, arch))
			return reuse(rundir, dir, &there, arch, interpreter, &handler, failure);
		status = handler_unregister(dir, &note->handler);
	}
	if (status == 0)
		status = handler_find(dir, arch, name, &handler);
	if (status == HANDLER_FOUND)
		return leave_alone(name, &handler, failure);
	/*
	 * The note comes first: a start that is killed here leaves a note
	 * without a handler, never a handler without a note.
	 */
	if (status == 0)
		status = add_note(rundir, &there);
	return status < 0 ? status : handler_register(dir, &note->handler, arch, interpreter);
}

/*
 * What these functions do in another process. Users can list binfmt_misc and
 * hold its lock, while a handler is registered or removed with it.
 */
struct binfmt_task {
	int (*run)(const struct binfmt_task *task, struct failure *failure);
	int rundir;
	const char *container, *interpreter;
	const struct elfarch *arch;
};

struct binfmt_answer {
	int status;
	struct failure failure;
};

static void run_task(void *answer, const void *arg)
{
	const struct binfmt_task *task = arg;
	struct binfmt_answer *done = answer;

	/* Nobody has to wait for the end of these either. */
	if (!debug_is_enabled())
		inheritance_detach();
	memset(done, 0, sizeof(*done));
	done->status = task->run(task, &done->failure);
}

static int run_in_time(const struct binfmt_task *task, struct failure *failure)
{
	struct binfmt_answer answer;
	int status =
		timelimit_ask(run_task, task, task->rundir, &answer, sizeof(answer), PATIENCE_MS);

	if (status == -ETIMEDOUT)
		return failure_say(
			failure, status,
			"binfmt_misc does not answer (a process may hold it: lsl-problems(7))");
	if (status < 0)
		return failure_set(failure, status, "cannot use binfmt_misc");
	*failure = answer.failure;
	return answer.status;
}

static int begin_task(const struct binfmt_task *task, struct failure *failure)
{
	struct note note = {.handler = handler_name(task->arch)};
	int status, dir = handlers_open(task->rundir);

	if (dir < 0)
		return failure_set(failure, dir, "cannot mount binfmt_misc");
	snprintf(note.container, sizeof(note.container), "%s", task->container);
	status = begin_handler(task->rundir, dir, &note, task->arch, task->interpreter, failure);
	close(dir);
	if (status < 0 && !failure->text[0])
		failure_set(failure, status, "cannot register %s with binfmt_misc",
			    note.handler.text);
	return status;
}

int binfmt_begin(int rundir, const char *container, const struct elfarch *arch,
		 const char *interpreter, struct failure *failure)
{
	const struct binfmt_task task = {begin_task, rundir, container, interpreter, arch};

	return run_in_time(&task, failure);
}

bool binfmt_is_there(const struct elfarch *arch, char name[BINFMT_NAME_MAX])
{
	int dir = open(PATH_HOSTS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct handler handler;
	bool is_there;

	if (dir < 0)
		return false;
	is_there = handler_find(dir, arch, name, &handler) == HANDLER_FOUND &&
		   strncmp(name, NAME_PREFIX, strlen(NAME_PREFIX)) != 0;
	close(dir);
	return is_there;
}

struct ending {
	int rundir;
	int dir; /* binfmt_misc */
	bool is_needed;
};

static int keep_if_needed(const struct note *note, void *arg)
{
	static char text[RECORD_SIZE_MAX + 1];
	struct ending *ending = arg;
	struct record record;

	if (!container_name_valid(note->container, strlen(note->container)) ||
	    record_read(ending->rundir, note->container, text, sizeof(text), &record) < 0 ||
	    !record.interpreter)
		return 0;
	ending->is_needed = true;
	return append_note(ending->rundir, NOTES_NEW, note);
}

static int remove_if_unneeded(const struct note *note, void *arg)
{
	const struct ending *ending = arg;
	struct note_search needed = {.wanted = note};
	int status = visit_notes(ending->rundir, NOTES_NEW, count_note, &needed);

	if (status < 0 || needed.own + needed.others)
		return status;
	return handler_unregister(ending->dir, &note->handler);
}

static int has_note(const struct note *note, void *arg)
{
	(void)note;
	(void)arg;
	return 1;
}

static int end(struct ending *ending)
{
	int rundir = ending->rundir, status;

	if (unlinkat(rundir, NOTES_NEW, 0) < 0 && errno != ENOENT)
		return -errno;
	status = visit_notes(rundir, NOTES, keep_if_needed, ending);
	if (status == 0)
		status = visit_notes(rundir, NOTES, remove_if_unneeded, ending);
	if (status < 0)
		return status;
	if (ending->is_needed)
		return renameat(rundir, NOTES_NEW, rundir, NOTES) < 0 ? -errno : 0;
	return unlinkat(rundir, NOTES, 0) < 0 && errno != ENOENT ? -errno : 0;
}

/* DIR is binfmt_misc, or -1 if there are no notes. */
static int end_with(int rundir, int dir, struct failure *failure)
{
	struct ending ending = {.rundir = rundir, .dir = dir};
	int status = end(&ending);

	if (status == 0 && !ending.is_needed)
		status = handlers_unmount(rundir);
	return status < 0 ? failure_set(failure, status, "cannot clean up binfmt_misc") : 0;
}

static int end_task(const struct binfmt_task *task, struct failure *failure)
{
	int status, dir = handlers_open(task->rundir);

	if (dir < 0)
		return failure_set(failure, dir, "cannot clean up binfmt_misc");
	status = end_with(task->rundir, dir, failure);
	close(dir);
	return status;
}

int binfmt_end(int rundir, struct failure *failure)
{
	const struct binfmt_task task = {.run = end_task, .rundir = rundir};
	int status = visit_notes(rundir, NOTES, has_note, NULL);

	if (status < 0)
		return failure_set(failure, status, "cannot clean up binfmt_misc");
	return status ? run_in_time(&task, failure) : end_with(rundir, -1, failure);
}
