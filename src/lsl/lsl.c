/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions of several commands. */
#include "config.h"

#include "lsl.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "caps.h"
#include "base/debug.h"
#include "elfarch.h"
#include "started/instance.h"
#include "base/message.h"
#include "files/hostdir.h"
#include "mountinfo.h"
#include "pathnames.h"
#include "base/progress.h"
#include "etc/rootwriter.h"
#include "rundir_visit.h"
#include "seccomp.h"

/*
 * The version of what --json prints. Members may be added; if one changes its
 * meaning or is removed, this number grows.
 */
#define JSON_FORMAT 1

void lsl_say(const char *format, ...)
{
	va_list args;

	progress_clear();
	va_start(args, format);
	message_va("lsl: ", format, args);
	va_end(args);
}

void lsl_begin_json(struct json *json)
{
	json_begin(json, stdout);
	json_object(json, NULL);
	json_number(json, "format", JSON_FORMAT);
}

void lsl_end_json(struct json *json)
{
	json_end(json);
	json_finish(json);
}

bool lsl_flush(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return true;
	lsl_say("cannot write: %s", strerror(errno));
	return false;
}

bool lsl_is_privileged(const char *action)
{
	if (geteuid() == 0 && caps_has(CAP_SYS_ADMIN))
		return true;
	if (geteuid() == 0)
		lsl_say("%s needs the capability CAP_SYS_ADMIN, which root does not have here (in a container?)",
			action);
	else
		lsl_say("%s needs root (sudo lsl %s)", action, action);
	return false;
}

static void trace_capabilities(const int *caps, size_t count)
{
	char *name;
	size_t i;

	if (!debug_is_enabled())
		return;
	if (count == 0)
		debug("gave up all capabilities");
	for (i = 0; i < count; i++) {
		name = cap_to_name(caps[i]);
		debug("%s %s", caps_has(caps[i]) ? "kept" : "do not have", name ? name : "?");
		cap_free(name);
	}
}

static struct iovec part(const char *s)
{
	return (struct iovec){(void *)(uintptr_t)s, strlen(s)};
}

/* For signal handlers, so without stdio(3). */
static void say_call(const char *head, const char *name, const char *tail)
{
	struct iovec line[] = {part(head), part(name), part(tail)};

	(void)!writev(STDERR_FILENO, line, sizeof(line) / sizeof(line[0]));
}

void lsl_say_deadly_call(const char *name)
{
	say_call(
		"lsl: system call ", name,
		" is not allowed: a bug in lsl, or an attack (please report it; --disable-seccomp runs without the filter)\n");
}

static void trace_refused_call(const char *name)
{
	say_call("lsl: debug: system call ", name, " is refused by the filter\n");
}

/*
 * elfarch_is_native asks the kernel once, by personality(2), whether it
 * executes programs of arm. After this the filter may refuse that.
 */
static void ask_for_arm(void)
{
	static const Elf32_Ehdr arm = {
		.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB},
		.e_type = ET_EXEC,
		.e_machine = EM_ARM,
	};
	struct elfarch arch;

	if (elfarch_parse(&arm, sizeof(arm), &arch) == 0)
		elfarch_is_native(&arch);
}

bool lsl_confine(const struct options *options, const int *caps, size_t count)
{
	int status = caps_keep(caps, count);

	trace_capabilities(caps, count);
	if (status < 0) {
		lsl_say("cannot give up capabilities: %s", strerror(-status));
		return false;
	}
	if (!options->seccomp) {
		debug("no system call filter");
		return true;
	}
	ask_for_arm();
	status = seccomp_apply(SECCOMP_LSL, lsl_say_deadly_call,
			       debug_is_enabled() ? trace_refused_call : NULL);
	if (status < 0) {
		lsl_say("cannot load the system call filter: %s (lsl -s runs without it)",
			strerror(-status));
		return false;
	}
	debug("system call filter loaded");
	return true;
}

bool lsl_start_writer(const struct options *options, struct rootwriter *writer)
{
	int status = rootwriter_start(writer, options->seccomp);

	if (status == 0)
		return true;
	lsl_say("cannot start the process that writes into root filesystems: %s",
		strerror(-status));
	return false;
}

void lsl_say_mntdir(int status)
{
	if (status == -EPERM || status == -ELOOP)
		lsl_say("%s, or a directory that leads to it, is writable by users other than root (sudo chown root:root, chmod go-w)",
			PATH_MNTDIR);
	else
		lsl_say("cannot use %s: %s", PATH_MNTDIR, hostdir_why(status));
}

bool lsl_read_conf(const struct options *options, struct conf *conf)
{
	const struct conf_mistake *mistake;
	const char *why;
	size_t i;

	if (conf_read(options->config, conf, &why) < 0) {
		lsl_say("%s: %s", options->config, why);
		return false;
	}
	debug("read %s and %zu more: %zu containers, %zu mistakes", options->config,
	      conf->file_count ? conf->file_count - 1 : 0, conf->container_count,
	      conf->mistake_count);
	for (i = 0; i < conf->mistake_count; i++) {
		mistake = &conf->mistakes[i];
		if (mistake->err)
			lsl_say("%s: %s", mistake->file, mistake->text);
		else
			lsl_say("%s:%u: %s", mistake->file, mistake->line, mistake->text);
	}
	return true;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of containers. */
struct known {
	char **names;
	size_t count;
};

static int add_known(struct known *known, const char *name)
{
	char **names = reallocarray(known->names, known->count + 1, sizeof(*names));

	if (!names)
		return -ENOMEM;
	known->names = names;
	names[known->count] = strdup(name);
	return names[known->count] ? (known->count++, 0) : -ENOMEM;
}

static int add_pinned(const struct mountinfo *mount, void *known)
{
	static const char prefix[] = PATH_MNTDIR "/";
	const char *name = mount->mount_point + sizeof(prefix) - 1;

	if (strncmp(mount->mount_point, prefix, sizeof(prefix) - 1) != 0 ||
	    !container_name_valid(name, strlen(name)))
		return 0;
	return add_known(known, name);
}

/*
 * Users can list neither MNTDIR nor the directory beside the configuration, but
 * they can read the mount table, and the configuration itself.
 */
static int find_known(const struct options *options, struct known *known)
{
	int status = mountinfo_visit_own(add_pinned, known);
	struct conf conf;
	const char *why;
	size_t i;

	if (status == 0 && conf_read(options->config, &conf, &why) == 0) {
		for (i = 0; i < conf.container_count && status == 0; i++)
			status = add_known(known, conf.containers[i]->name);
		conf_clear(&conf);
	}
	return status;
}

/* Sorted, like the names of rundir_visit. A duplicate is visited once. */
static int visit_known(const struct known *known, int rundir,
		       int (*visit)(const char *name, void *arg), void *arg)
{
	char **names = known->names;
	int status = 0;
	struct stat st;
	size_t i;

	if (known->count)
		qsort(names, known->count, sizeof(*names), compare_names);
	for (i = 0; i < known->count && status == 0; i++)
		if ((i == 0 || strcmp(names[i], names[i - 1]) != 0) &&
		    fstatat(rundir, names[i], &st, AT_SYMLINK_NOFOLLOW) == 0)
			status = visit(names[i], arg);
	return status;
}

int lsl_visit_started(const struct options *options, int rundir,
		      int (*visit)(const char *name, void *arg), void *arg)
{
	int status = rundir_visit(rundir, visit, arg);
	struct known known = {.count = 0};
	size_t i;

	if (status != -EACCES)
		return status;
	status = find_known(options, &known);
	if (status == 0)
		status = visit_known(&known, rundir, visit, arg);
	for (i = 0; i < known.count; i++)
		free(known.names[i]);
	free(known.names);
	return status;
}

static bool is_there(int rundir, const char *name)
{
	static struct instance instance;

	instance_look(rundir, name, &instance);
	instance_release(&instance);
	return instance.kind != INSTANCE_STOPPED;
}

int lsl_check_names(const struct options *options, int rundir)
{
	struct conf conf = {.containers = NULL};
	bool has_conf = false;
	int status = LSL_OK;
	size_t i;

	for (i = 0; i < options->name_count; i++) {
		if (rundir >= 0 && is_there(rundir, options->names[i]))
			continue;
		if (!has_conf && !lsl_read_conf(options, &conf))
			return LSL_FAILED;
		has_conf = true;
		if (conf_find(&conf, options->names[i])) {
			lsl_say("%s is not started", options->names[i]);
			continue;
		}
		lsl_say("there is no container %s in %s", options->names[i], options->config);
		status = LSL_FAILED;
	}
	if (has_conf)
		conf_clear(&conf);
	return status;
}

bool lsl_is_meant(const struct options *options, const char *name)
{
	size_t i;

	for (i = 0; i < options->name_count; i++)
		if (strcmp(options->names[i], name) == 0)
			return true;
	return options->name_count == 0;
}
