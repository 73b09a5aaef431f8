/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lsl.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/debug.h"
#include "helpers.h"
#include "started/instance.h"
#include "base/json.h"
#include "create/imageindex.h"
#include "create/making.h"
#include "pathnames.h"
#include "rootfs/rootfs_defaults.h"
#include "rundir.h"
#include "create/section.h"
#include "create/source.h"
#include "create/store.h"

struct creation {
	const struct options *options;
	const char *name;
	const char *from;
	char *section; /* the file of its section */
	struct making making;
	struct forked maker;
	struct helpers helpers;
	struct making_answer answer;
	struct container container; /* as its section will have it */
	struct store_work work;
	bool is_wrong_usage; /* as the source says */
};

/* The process that runs tools; signals that end lsl are passed on to it. */
static volatile sig_atomic_t maker_pid;
static volatile sig_atomic_t received;

/* It undoes the incomplete work; then lsl ends. */
static void pass_on(int sig)
{
	int err = errno;

	received = sig;
	if (maker_pid)
		kill((pid_t)maker_pid, SIGTERM);
	errno = err;
}

static void catch_signals(const struct forked *maker)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction act = {.sa_handler = pass_on, .sa_flags = SA_RESTART};
	size_t i;

	maker_pid = maker->pid;
	sigemptyset(&act.sa_mask);
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &act, NULL);
}

/*
 * Whether the name is free.
 */

static int check_name_in_configuration(const struct creation *creation, struct failure *failure)
{
	const char *config = creation->options->config, *why;
	const struct container *container;
	struct conf conf;
	struct stat st;
	int status = conf_read(config, &conf, &why);

	/* The first container makes the configuration. */
	if (status < 0 && status != -ENOENT)
		return failure_say(failure, -status, "%s: %s", config, why);
	status = 0;
	container = conf_find(&conf, creation->name);
	if (container)
		status = failure_say(failure, EEXIST, "%s:%u has a container of that name",
				     container->file, container->line);
	else if (lstat(creation->section, &st) == 0)
		status = failure_say(failure, EEXIST, "%s already exists", creation->section);
	conf_clear(&conf);
	return status;
}

static bool is_name_started(const struct creation *creation, struct failure *failure)
{
	static struct instance instance;
	int rundir = rundir_open();
	enum instance_kind kind;

	if (rundir < 0)
		return false;
	instance_look(rundir, creation->name, &instance);
	kind = instance.kind;
	instance_release(&instance);
	close(rundir);
	if (kind == INSTANCE_STOPPED)
		return false;
	failure_say(failure, EEXIST, "a container of that name is started (sudo lsl stop %s)",
		    creation->name);
	return true;
}

static bool is_name_in_store(const struct creation *creation, const struct store *store,
			     struct failure *failure)
{
	struct stat st;

	if (store_is_busy(creation->name)) {
		failure_say(failure, EEXIST, "another lsl is creating or removing it");
		return true;
	}
	if (fstatat(store->dir, creation->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	failure_say(failure, EEXIST,
		    "its root filesystem already exists (lsl create %s --from %s/%s uses it)",
		    creation->name, PATH_STATEDIR, creation->name);
	return true;
}

static int check_name(const struct creation *creation, const struct store *store,
		      struct failure *failure)
{
	/* If the directory itself is adopted, it is not in the way. */
	bool is_directory = creation->making.source == &source_directory;
	int status = check_name_in_configuration(creation, failure);

	if (status == 0 && (is_name_started(creation, failure) ||
			    (!is_directory && is_name_in_store(creation, store, failure))))
		status = -EEXIST;
	return status;
}

/*
 * The steps.
 */

/*
 * Removes remains of killed processes, and makes the directory in which this
 * container is made.
 */
static int begin_creation(struct creation *creation, struct failure *failure)
{
	struct store store;
	int status = section_prepare(creation->options->config, failure);

	if (status == 0)
		status = store_lock(true, &store, failure);
	if (status < 0)
		return status;
	status = store_sweep(&store, creation->options->config, making_remove_leftover,
			     &creation->maker);
	if (status < 0)
		failure_set(failure, status, "cannot remove what is left in %s", PATH_STATEDIR);
	else
		status = check_name(creation, &store, failure);
	if (status == 0)
		status = store_begin(&store, creation->name, &creation->work, failure);
	if (status == 0 && mkdirat(creation->work.fd, "rootfs", 0755) < 0)
		status =
			failure_set(failure, errno, "cannot make a directory in %s", PATH_STATEDIR);
	store_unlock(&store);
	return status;
}

/* The usual files and directories for mnt that this host has. */
static void compose_mnt(bool passwords, char *mnt, size_t size)
{
	static const char *const sources[] = {
		"/home",      "/tmp",           "/etc/passwd", "/etc/group", "/etc/resolv.conf",
		"/etc/hosts", "/etc/localtime",
	};
	static const char *const secret = ";/etc/shadow;/etc/gshadow";
	struct stat st;
	size_t i, len = 0;

	mnt[0] = '\0';
	for (i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		if (lstat(sources[i], &st) == 0)
			len += (size_t)snprintf(mnt + len, size - len, "%s%s", len ? ";" : "",
						sources[i]);
	if (passwords)
		snprintf(mnt + len, size - len, "%s", secret + (len ? 0 : 1));
}

/*
 * Finds the values of the section in the root filesystem, at its present place.
 */
static int find_defaults(struct creation *creation, struct failure *failure)
{
	struct container *container = &creation->container;
	const char *adopted = creation->answer.source.adopted;
	int status;

	container->name = strdup(creation->name);
	if (adopted[0])
		container->path = strdup(adopted);
	else if (asprintf(&container->path, "%s/%s/rootfs", PATH_STATEDIR, creation->work.name) < 0)
		container->path = NULL;
	if (!container->name || !container->path)
		return failure_set(failure, ENOMEM, "cannot continue");
	status = rootfs_defaults_find(container, failure);
	if (status < 0 || adopted[0])
		return status;
	free(container->path);
	if (asprintf(&container->path, "%s/%s", PATH_STATEDIR, creation->name) < 0)
		container->path = NULL;
	return container->path ? 0 : failure_set(failure, ENOMEM, "cannot continue");
}

static int write_creation_record(const struct creation *creation, const struct store *store,
				 struct failure *failure)
{
	struct store_record entry = {.is_adopted = creation->answer.source.adopted[0] != '\0'};
	struct stat st;
	int status;

	if (entry.is_adopted)
		status = stat(creation->answer.source.adopted, &st);
	else
		status = fstatat(creation->work.fd, "rootfs", &st, AT_SYMLINK_NOFOLLOW);
	if (status < 0)
		return failure_set(failure, errno, "cannot examine its root filesystem");
	entry.dev = st.st_dev;
	entry.ino = st.st_ino;
	if (strlen(creation->section) >= sizeof(entry.section) || strchr(creation->section, '\n'))
		return failure_say(failure, EINVAL,
				   "%s" CONF_DIR_SUFFIX " cannot be written into a record",
				   creation->options->config);
	strcpy(entry.section, creation->section);
	snprintf(entry.source, sizeof(entry.source), "%s", creation->from);
	status = store_write_record(store, creation->name, &entry);
	return status < 0 ? failure_set(failure, status, "cannot write its record in %s",
					PATH_STATEDIR)
			  : 0;
}

static int write_section(const struct creation *creation, struct failure *failure)
{
	const struct options *options = creation->options;
	char mnt[512], *comment;
	int status;

	compose_mnt(options->passwords, mnt, sizeof(mnt));
	if (asprintf(&comment, "Made by lsl create from %s. \"lsl remove %s\" removes it.",
		     creation->from, creation->name) < 0)
		return failure_set(failure, ENOMEM, "cannot write its section");
	status = section_write(options->config, &creation->container, mnt, comment, failure);
	free(comment);
	return status;
}

/*
 * From here on the container is complete or, after the next sweep, gone: it is
 * complete when its section exists.
 */
static int publish(struct creation *creation, const struct store *store, struct failure *failure)
{
	int status = write_creation_record(creation, store, failure);

	if (status == 0 && !creation->answer.source.adopted[0]) {
		status = store_put(store, creation->name, &creation->work);
		if (status < 0)
			failure_set(failure, status, "cannot rename %s/%s/rootfs", PATH_STATEDIR,
				    creation->work.name);
	}
	if (status == 0)
		status = write_section(creation, failure);
	if (status == 0) {
		status = store_complete(store, creation->name, true);
		if (status < 0)
			failure_set(failure, status, "cannot complete its record");
	}
	return status;
}

static int finish_creation(struct creation *creation, struct failure *failure)
{
	struct store store;
	int status = store_lock(true, &store, failure);

	if (status < 0)
		return status;
	/*
	 * Another process may have taken the name while the root filesystem was
	 * made.
	 */
	status = check_name_in_configuration(creation, failure);
	if (status == 0)
		status = publish(creation, &store, failure);
	/* A directory is held: the next create removes what is left. */
	if (status < 0 && status != -ETIMEDOUT)
		store_sweep(&store, creation->options->config, making_remove_leftover,
			    &creation->maker);
	store_unlock(&store);
	return status;
}

static int make_container(struct creation *creation, struct failure *failure)
{
	struct making_answer *answer = &creation->answer;
	int status = begin_creation(creation, failure);

	if (status < 0)
		return status;
	debug("%s: made in %s/%s", creation->name, PATH_STATEDIR, creation->work.name);
	status = making_ask(&creation->maker, MAKING_FETCH, creation->work.name, answer);
	creation->is_wrong_usage = status == -EINVAL;
	if (status < 0)
		*failure = answer->failure;
	else if (received)
		status = -EINTR;
	else
		status = find_defaults(creation, failure);
	/*
	 * Not if lsl has unpacked it: the remedies of lsl start are for its
	 * final place.
	 */
	if (status == 0 && answer->source.adopted[0] && lsl_refuses(&creation->container))
		status = -EPERM;
	if (status == 0)
		status = finish_creation(creation, failure);
	store_end(&creation->work);
	return status;
}

/* Output. */

static void say_made(const struct creation *creation)
{
	const struct making_answer *answer = &creation->answer;

	if (answer->source.verified[0])
		lsl_say("%s: %s", creation->name, answer->source.verified);
	else if (creation->making.source->takes & SOURCE_TAKES_SHA256)
		lsl_say("%s: nothing was verified (--sha256 was not given)", creation->name);
	if (answer->has_locked_root)
		lsl_say("%s: root had no password in it and is locked now (sudo %s:passwd sets one)",
			creation->name, creation->name);
}

static void print_creation_json(const struct creation *creation, bool is_started_now)
{
	const struct container *container = &creation->container;
	const struct making_answer *answer = &creation->answer;
	struct json json;

	lsl_begin_json(&json);
	json_string(&json, "name", creation->name);
	json_string(&json, "source", creation->from);
	json_string(&json, "verified", answer->source.verified[0] ? answer->source.verified : NULL);
	json_string(&json, "rootfs", container->path);
	json_bool(&json, "adopted", answer->source.adopted[0]);
	json_string(&json, "interpreter", container->interpreter);
	json_bool(&json, "root_locked", answer->has_locked_root);
	json_bool(&json, "started", is_started_now);
	lsl_end_json(&json);
}

/* A line to try. */
static void print_line(const struct creation *creation)
{
	const struct container *container = &creation->container;
	char release[PATH_MAX];
	struct stat st;

	snprintf(release, sizeof(release), "%s/etc/os-release", container->path);
	if (lstat(release, &st) == 0 && rootfs_has_program(container, "cat"))
		printf("%s:cat /etc/os-release\n", creation->name);
	else if (rootfs_has_program(container, "sh"))
		printf("%s:sh\n", creation->name);
	else
		printf("ls %s/%s\n", PATH_LINKSDIR, creation->name);
}

static int start_created(struct creation *creation)
{
	struct conf conf;
	int status;

	if (!lsl_read_conf(creation->options, &conf))
		return LSL_FAILED;
	status = lsl_start_confined(creation->options, &conf, &creation->helpers);
	conf_clear(&conf);
	return status;
}

static int create_confined(struct creation *creation)
{
	struct failure failure = {""};
	int status = make_container(creation, &failure);

	if (status < 0) {
		if (failure.text[0] && !received)
			lsl_say("%s: not created: %s", creation->name, failure.text);
		return creation->is_wrong_usage ? LSL_USAGE : LSL_FAILED;
	}
	say_made(creation);
	status = start_created(creation);
	if (creation->options->json)
		print_creation_json(creation, status == LSL_OK);
	else if (status == LSL_OK)
		print_line(creation);
	return lsl_flush() ? status : LSL_FAILED;
}

/*
 * Usage.
 */

/* Whether the arguments are valid; if not, says why. */
static bool is_meant(const struct creation *creation)
{
	const struct options *options = creation->options;
	const struct source *source = creation->making.source;
	const char *wrong = NULL;

	if (container_name_reserved(creation->name)) {
		lsl_say("'%s' is reserved and cannot be a container's name", creation->name);
		return false;
	}
	if (!source) {
		lsl_say("'%s' is not a source that lsl knows (try lsl --help)", creation->from);
		return false;
	}
	if (options->arch && !(source->takes & SOURCE_TAKES_ARCH))
		wrong = "--arch";
	if (options->sha256 && !(source->takes & SOURCE_TAKES_SHA256))
		wrong = "--sha256";
	if (options->server && !(source->takes & SOURCE_TAKES_SERVER))
		wrong = "--server";
	if (options->offline && !(source->takes & SOURCE_TAKES_OFFLINE))
		wrong = "--offline";
	if (wrong)
		lsl_say("%s has no meaning for '%s' (%s)", wrong, creation->from, source->name);
	else if (options->sha256 && !image_sha256_valid(options->sha256))
		lsl_say("--sha256 takes 64 digits, 0-9 and a-f");
	else
		return true;
	return false;
}

static int create_with_helpers(struct creation *creation)
{
	/* The capabilities of start. */
	static const cap_value_t caps[] = {CAP_SYS_ADMIN, CAP_DAC_READ_SEARCH, CAP_SYS_CHROOT};
	int status = LSL_FAILED;

	if (!helpers_start(&creation->helpers, creation->options->seccomp))
		return status;
	if (lsl_confine(creation->options, caps, sizeof(caps) / sizeof(caps[0])))
		status = create_confined(creation);
	helpers_end(&creation->helpers);
	return status;
}

int lsl_create(const struct options *options)
{
	static struct creation creation;
	int status;

	creation.options = options;
	creation.name = options->names[0];
	creation.from = options->from ? options->from : creation.name;
	creation.making = (struct making){
		.options = options,
		.source = source_find(creation.from),
	};
	if (!is_meant(&creation))
		return LSL_USAGE;
	creation.section = section_path(options->config, creation.name);
	if (!creation.section) {
		lsl_say("%s" CONF_DIR_SUFFIX ": %s", options->config, strerror(errno));
		return LSL_FAILED;
	}
	if (!lsl_is_privileged("create") || !making_start(&creation.maker, &creation.making))
		return LSL_FAILED;
	catch_signals(&creation.maker);
	status = create_with_helpers(&creation);
	/*
	 * It ends by itself now, and its pid may then belong to another
	 * process.
	 */
	maker_pid = 0;
	forked_end(&creation.maker);
	container_clear(&creation.container);
	free(creation.section);
	if (received) {
		signal((int)received, SIG_DFL);
		raise((int)received);
	}
	return status;
}
