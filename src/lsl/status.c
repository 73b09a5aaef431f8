/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lsl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <unistd.h>

#include "rootfs/answers.h"
#include "check/check.h"
#include "foreign/rootfs_arch.h"
#include "base/json.h"
#include "mount/cmddir_state.h"
#include "rundir.h"
#include "pathnames.h"
#include "caps.h"
#include "started/processes.h"
#include "base/table.h"
#include "base/debug.h"

/* A row for a container that is configured, started, or both. */
struct status_row {
	char *name;
	char *rootfs; /* or NULL */
	char architecture[ELFARCH_NAME_MAX]; /* its programs'; empty: unknown */
	bool is_configured;
	enum instance_kind state;
	unsigned int own; /* OWN_..., if it is started */
	long commands; /* negative: unknown */
	long running; /* negative: unknown, or none while it is stopped */
};

struct status {
	const struct options *options;
	struct check check; /* its problems */
	struct status_row *rows;
	size_t row_count;
	bool has_failed; /* for want of memory */
};

/* Returns a new row, which the caller fills; NULL without memory. */
static struct status_row *new_row(struct status *status, const char *name)
{
	size_t size = (status->row_count + 1) * sizeof(struct status_row);
	struct status_row *rows = realloc(status->rows, size), *row;

	status->has_failed = status->has_failed || !rows;
	if (!rows)
		return NULL;
	status->rows = rows;
	row = &rows[status->row_count];
	*row = (struct status_row){.name = strdup(name), .commands = -1, .running = -1};
	if (!row->name) {
		status->has_failed = true;
		return NULL;
	}
	status->row_count++;
	return row;
}

static void look_at_programs(struct status_row *row, const struct container *container)
{
	struct elfarch arch;

	if (rootfs_arch_sample(container, &arch) >= 0)
		elfarch_name(&arch, row->architecture);
}

static void look_at_started(struct status *status, struct status_row *row,
			    const struct instance *instance)
{
	struct container container;

	if (!instance_container(instance, &container)) {
		status->has_failed = true;
		return;
	}
	free(row->rootfs);
	row->rootfs = strdup(container.path);
	status->has_failed = status->has_failed || !row->rootfs;
	if (answers_in_time(&container))
		look_at_programs(row, &container);
	row->own = container.own;
	container_clear(&container);
	if (status->check.linksdir == CMDDIR_MOUNTED)
		row->commands = cmddir_count(row->name);
	if (caps_has(CAP_SYS_PTRACE))
		row->running = 0;
}

static void look_at_state(struct status *status, struct status_row *row)
{
	static struct instance instance;

	if (status->check.rundir < 0)
		return;
	instance_look(status->check.rundir, row->name, &instance);
	row->state = instance.kind;
	debug("%s is %s", row->name, instance_kind_name(instance.kind));
	if (instance.kind == INSTANCE_STARTED)
		look_at_started(status, row, &instance);
	check_state(&status->check, row->name, &instance);
	check_kept(&status->check, row->name, &instance);
	instance_release(&instance);
}

static void add_row(struct status *status, const char *name, const struct container *container)
{
	struct status_row *row = new_row(status, name);

	if (!row)
		return;
	row->is_configured = container;
	if (container && container->path) {
		row->rootfs = strdup(container->path);
		status->has_failed = status->has_failed || !row->rootfs;
	}
	look_at_state(status, row);
	if (container && !check_answers(&status->check, container))
		return;
	if (row->state != INSTANCE_STARTED && row->rootfs)
		look_at_programs(row, container);
	if (!container || container->has_errors)
		return;
	check_rootfs(&status->check, container);
	check_interpreter(&status->check, container);
	check_bins(&status->check, container);
	check_journal(&status->check, container, row->state == INSTANCE_STARTED);
}

/* A container that is started and not configured. */
static int add_leftover(const char *name, void *arg)
{
	struct status *status = arg;

	if (!conf_find(&status->check.conf, name) && lsl_is_meant(status->options, name))
		add_row(status, name, NULL);
	return 0;
}

static void add_rows(struct status *status)
{
	const struct conf *conf = &status->check.conf;
	int visited = 0;
	size_t i;

	for (i = 0; i < conf->container_count; i++)
		/* The first one of several with the same name. */
		if (lsl_is_meant(status->options, conf->containers[i]->name) &&
		    conf_find(conf, conf->containers[i]->name) == conf->containers[i])
			add_row(status, conf->containers[i]->name, conf->containers[i]);
	if (status->check.rundir >= 0)
		visited = lsl_visit_started(status->options, status->check.rundir, add_leftover,
					    status);
	if (visited < 0)
		check_listing(&status->check, visited);
}

/* In a container that is not started: an earlier stop has left it. */
static int count_process(const struct process *process, const struct home *home, void *arg)
{
	struct status *status = arg;
	long *running;
	size_t i;

	(void)process;
	for (i = 0; i < status->row_count; i++) {
		running = &status->rows[i].running;
		if (strcmp(status->rows[i].name, home->name) == 0)
			*running = *running < 0 ? 1 : *running + 1;
	}
	return 0;
}

static void count_processes(struct status *status)
{
	struct homes homes;
	int counted;
	size_t i;

	if (!caps_has(CAP_SYS_PTRACE))
		return;
	counted = homes_read(&homes, status->check.rundir, &status->check.conf);
	if (counted == 0)
		counted = processes_visit(&homes, count_process, status);
	homes_clear(&homes);
	for (i = 0; counted < 0 && i < status->row_count; i++)
		status->rows[i].running = -1;
}

/* Whether each given name has a row; says which ones have none. */
static bool has_all_names(const struct status *status)
{
	const struct options *options = status->options;
	bool has_all = true;
	size_t i, j;

	for (i = 0; i < options->name_count; i++) {
		for (j = 0; j < status->row_count; j++)
			if (strcmp(status->rows[j].name, options->names[i]) == 0)
				break;
		if (j < status->row_count)
			continue;
		lsl_say("there is no container %s in %s", options->names[i], options->config);
		has_all = false;
	}
	return has_all;
}

static enum style style_of(enum instance_kind state)
{
	switch (state) {
	case INSTANCE_STARTED:
		return STYLE_GOOD;
	case INSTANCE_BROKEN:
		return STYLE_BAD;
	default:
		return STYLE_FAINT;
	}
}

static const char *architecture_of(const struct status_row *row)
{
	return *row->architecture ? row->architecture : NULL;
}

static int print_status_text(const struct status *status)
{
	static const struct table_column columns[] = {
		{"CONTAINER", false, true}, {"STATE", false, false}, {"COMMANDS", true, false},
		{"RUNNING", true, false},   {"ARCH", false, false},  {"ROOTFS", false, true},
	};
	struct terminal terminal = terminal_of(STDOUT_FILENO);
	struct table *table = table_new(columns, sizeof(columns) / sizeof(columns[0]));
	const struct status_row *row;
	size_t i;
	int printed;

	for (i = 0; table && i < status->row_count; i++) {
		row = &status->rows[i];
		table_add(table, row->name, STYLE_PLAIN);
		table_add(table, instance_kind_name(row->state), style_of(row->state));
		table_add_count(table, row->commands);
		table_add_count(table, row->running);
		table_add(table, architecture_of(row), STYLE_PLAIN);
		table_add(table, row->rootfs, STYLE_PLAIN);
	}
	printed = table ? table_print(table, stdout, &terminal) : -ENOMEM;
	table_free(table);
	if (printed < 0)
		return printed;
	if (diags_worst(&status->check.diags) >= SEVERITY_WARNING)
		putchar('\n');
	diags_print(&status->check.diags, SEVERITY_WARNING, stdout, &terminal);
	return 0;
}

/* Paths that a container has for itself. */
static void print_own(struct json *json, unsigned int own)
{
	size_t i;

	json_array(json, "own");
	for (i = 0; i < OWN_COUNT; i++)
		if (own >> i & 1)
			json_string(json, NULL, container_own_paths[i]);
	json_end(json);
}

static void print_status_json(const struct status *status)
{
	const struct status_row *row;
	struct json json;
	size_t i;

	lsl_begin_json(&json);
	json_object(&json, "command_directory");
	json_string(&json, "path", PATH_LINKSDIR);
	json_string(&json, "state", cmddir_state_name(status->check.linksdir));
	json_end(&json);
	json_array(&json, "containers");
	for (i = 0; i < status->row_count; i++) {
		row = &status->rows[i];
		json_object(&json, NULL);
		json_string(&json, "name", row->name);
		json_string(&json, "state", instance_kind_name(row->state));
		json_bool(&json, "configured", row->is_configured);
		json_string(&json, "rootfs", row->rootfs);
		json_string(&json, "architecture", architecture_of(row));
		json_count(&json, "commands", row->commands);
		json_count(&json, "running", row->running);
		print_own(&json, row->own);
		json_end(&json);
	}
	json_end(&json);
	diags_to_json(&status->check.diags, SEVERITY_WARNING, &json, "problems");
	lsl_end_json(&json);
}

/*
 * Files of the configuration that only root can read. Those of lsl create are
 * so, and hide only containers that are not started.
 */
static void say_unread(const struct diags *diags)
{
	const struct diag *diag;
	size_t i;

	for (i = 0; i < diags->count; i++) {
		diag = &diags->list[i];
		if (diag->severity == SEVERITY_UNKNOWN && strcmp(diag->check, "configuration") == 0)
			lsl_say("%s: %s", diag->file, diag->text);
	}
}

/* Exit status 1 if there is a problem, so that scripts can check it. */
static int print_status(struct status *status)
{
	bool has_all = has_all_names(status);
	bool is_well = has_all && diags_worst(&status->check.diags) < SEVERITY_WARNING;

	if (!has_all || status->row_count == 0)
		say_unread(&status->check.diags);
	if (status->options->json)
		print_status_json(status);
	else if (print_status_text(status) < 0)
		status->has_failed = true;
	if (status->has_failed)
		lsl_say("%s", strerror(ENOMEM));
	return lsl_flush() && is_well && !status->has_failed ? LSL_OK : LSL_FAILED;
}

static void clear_status(struct status *status)
{
	size_t i;

	check_end(&status->check);
	for (i = 0; i < status->row_count; i++) {
		free(status->rows[i].name);
		free(status->rows[i].rootfs);
	}
	free(status->rows);
}

int lsl_status(const struct options *options)
{
	/* The last two are for a look into the namespaces of containers. */
	static const cap_value_t caps[] = {CAP_SYS_PTRACE, CAP_SYS_ADMIN, CAP_SYS_CHROOT};
	struct status status = {.options = options, .check = {.options = options}};
	int result;

	if (!lsl_confine(options, caps, sizeof(caps) / sizeof(caps[0])))
		return LSL_FAILED;
	check_begin(&status.check);
	check_configuration(&status.check);
	check_mntdir(&status.check);
	add_rows(&status);
	count_processes(&status);
	check_linksdir(&status.check);
	result = print_status(&status);
	clear_status(&status);
	return result;
}
