/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "create/making.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/wholeio.h"
#include "caps.h"
#include "create/imagecache.h"
#include "create/imageserver.h"
#include "create/rootfs_prepare.h"
#include "create/store.h"
#include "create/tool.h"
#include "create/unpack.h"
#include "create/wall.h"
#include "files/hostdir.h"
#include "pathnames.h"

/*
 * The capabilities of tools (tool.c), and those to give tools ids and bounding
 * sets, and to end them.
 */
static const cap_value_t making_caps[] = {CAP_CHOWN,   CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_FSETID,
					  CAP_SETFCAP, CAP_SETUID,       CAP_SETGID, CAP_MKNOD,
					  CAP_SETPCAP, CAP_KILL};

struct making_request {
	enum making_work work;
	char name[PATH_MAX];
};

/*
 * In the process.
 */

static int open_below(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* Fetches, unpacks and prepares. */
static void fill(const struct making *making, const struct source_request *request,
		 struct making_answer *answer)
{
	struct source_result *result = &answer->source;
	int status;

	result->archive = -1;
	status = making->source->fetch(request, result, &answer->failure);
	if (status == 0 && result->archive >= 0)
		status = unpack(result->archive, request->rootfs, request->name, &answer->failure);
	/* Tools report it in many ways, or count bytes. */
	if (status == -EIO && tool_check_room(&answer->failure) < 0)
		status = -ENOSPC;
	if (status == 0 && !result->adopted[0])
		status =
			rootfs_prepare(request->rootfs, &answer->has_locked_root, &answer->failure);
	/*
	 * The files are on disk before the container gets its name, so that
	 * after a power failure it is either complete or absent.
	 */
	if (status == 0 && !result->adopted[0] && syncfs(request->rootfs) < 0)
		status = failure_set(&answer->failure, errno,
				     "cannot write its root filesystem to the disk");
	if (result->archive >= 0)
		close(result->archive);
	answer->status = status == 0 && tool_is_interrupted() ? -EINTR : status;
}

static void fetch_into(struct making *making, int statedir, const char *work,
		       struct making_answer *answer)
{
	const struct options *options = making->options;
	const char *name = options->names[0];
	struct source_request request = {.from = options->from ? options->from : name,
					 .name = name,
					 .options = options,
					 .second = making->second,
					 .work = open_below(statedir, work)};

	snprintf(making->work, sizeof(making->work), "%.*s", NAME_MAX, work);
	request.rootfs = request.work < 0 ? request.work : open_below(request.work, "rootfs");
	if (request.rootfs >= 0) {
		tool_keep_room(request.work);
		fill(making, &request, answer);
		tool_keep_room(0);
		close(request.rootfs);
	} else {
		answer->status =
			failure_set(&answer->failure, request.rootfs, "%s/%s", PATH_STATEDIR, work);
	}
	if (request.work >= 0)
		close(request.work);
}

static void measure_tree(const char *path, struct making_answer *answer)
{
	static const char *const arguments[] = {
		"du", "--summarize", "--one-file-system", "--block-size=1", ".", NULL};
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct tool du = {.program = "du",
			  .arguments = arguments,
			  .privilege = TOOL_REMOVES,
			  .directory = fd};
	char *text;

	if (fd < 0) {
		answer->status = failure_set(&answer->failure, errno, "%s", path);
		return;
	}
	answer->status = tool_read(&du, 4096, &text, &answer->failure);
	close(fd);
	if (answer->status < 0)
		return;
	answer->bytes = strtoull(text, NULL, 10);
	free(text);
}

/*
 * NAME is a directory in STATEDIR that begins with a dot: nothing else is ever
 * removed.
 */
static void remove_work(int statedir, const char *name, struct making_answer *answer)
{
	if (name[0] != '.' || !name[1] || name[1] == '.' || strchr(name, '/'))
		answer->status = failure_set(&answer->failure, EINVAL, "%s", name);
	else
		answer->status = tool_remove(statedir, name, &answer->failure);
}

static void take_back(const char *work)
{
	struct making_answer answer = {.status = 0};
	struct stat st;
	int statedir;

	if (!work[0])
		return;
	statedir = store_open(false, &answer.failure);
	tool_forget_signals();
	if (statedir >= 0 && fstatat(statedir, work, &st, AT_SYMLINK_NOFOLLOW) == 0)
		remove_work(statedir, work, &answer);
	if (statedir < 0 || answer.status < 0)
		lsl_say("%s/%s is left: %s", PATH_STATEDIR, work, answer.failure.text);
	if (statedir >= 0)
		close(statedir);
}

/* Writes the lines of the server's images to the file that lsl reads. */
static void list_images(const struct making *making, struct making_answer *answer)
{
	struct failure *failure = &answer->failure;
	int cache = imagecache_open(failure);
	char *lines = NULL;

	failure->text[0] = '\0';
	answer->status = imageserver_read(making->options, cache, &lines, failure);
	if (answer->status == 0) {
		answer->status = wholeio_write(making->list, lines, strlen(lines));
		if (answer->status < 0)
			failure_set(failure, answer->status, "cannot get the list of images");
	}
	free(lines);
	if (cache >= 0)
		close(cache);
}

static void serve_in_statedir(struct making *making, const struct making_request *request,
			      struct making_answer *answer)
{
	int statedir = store_open(false, &answer->failure);

	answer->status = statedir;
	if (statedir < 0)
		return;
	if (request->work == MAKING_FETCH)
		fetch_into(making, statedir, request->name, answer);
	else
		remove_work(statedir, request->name, answer);
	close(statedir);
}

static void run_making(int fd, pid_t parent, void *arg)
{
	static struct making_request request;
	static struct making_answer answer;
	struct making *making = arg;
	bool is_root = making->source && making->source->needs_root;

	tool_begin();
	if (forked_die_with(parent) < 0 ||
	    (!is_root &&
	     (wall_mount() < 0 ||
	      caps_keep(making_caps, sizeof(making_caps) / sizeof(making_caps[0])) < 0)))
		_exit(1);
	while (wholeio_receive(fd, &request, sizeof(request)) == 0) {
		memset(&answer, 0, sizeof(answer));
		if (request.work == MAKING_MEASURE)
			measure_tree(request.name, &answer);
		else if (request.work == MAKING_LIST)
			list_images(making, &answer);
		else
			serve_in_statedir(making, &request, &answer);
		if (wholeio_send(fd, &answer, sizeof(answer)) < 0)
			break;
	}
	take_back(making->work);
	take_back(making->second);
}

/*
 * lsl's side.
 */

bool making_start(struct forked *process, struct making *making)
{
	int status;

	/* The process can write only to directories that exist now (wall.h). */
	if (making->source)
		(void)hostdir_make(PATH_STATEDIR, 0711);
	if ((making->source || making->list) && geteuid() == 0)
		(void)hostdir_make(PATH_CACHEDIR, 0711);
	status = forked_start(process, SOCK_STREAM, run_making, making);
	if (status < 0)
		lsl_say("cannot start the process that runs tools: %s", strerror(-status));
	return status == 0;
}

int making_ask(const struct forked *process, enum making_work work, const char *name,
	       struct making_answer *answer)
{
	static struct making_request request;
	int status;

	memset(answer, 0, sizeof(*answer));
	request.work = work;
	if (snprintf(request.name, sizeof(request.name), "%s", name) >= (int)sizeof(request.name))
		return answer->status = failure_set(&answer->failure, ENAMETOOLONG, "%s", name);
	status = wholeio_send(process->socket, &request, sizeof(request));
	if (status == 0)
		status = wholeio_receive(process->socket, answer, sizeof(*answer));
	if (status < 0)
		answer->status = failure_set(&answer->failure, status,
					     "the process that runs tools has ended");
	return answer->status;
}

int making_remove_leftover(const char *work, const char *name, void *process)
{
	struct making_answer answer;

	(void)name;
	return making_ask(process, MAKING_REMOVE, work, &answer);
}
