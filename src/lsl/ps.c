/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lsl.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "rundir.h"
#include "caps.h"
#include "started/processes.h"
#include "base/table.h"

/* Processes younger than this are shown with the time of day. */
#define DAY (24L * 60 * 60)

struct ps_row {
	const char *container;
	struct process process;
};

struct ps {
	const struct options *options;
	int rundir; /* or a negative errno */
	struct homes homes;
	struct ps_row *rows;
	size_t row_count;
};

/*
 * The name of a user of the host, only from the file, because other sources
 * load code.
 */
static void name_user(uid_t uid, char name[64])
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *user = NULL;

	while (file && (user = fgetpwent(file)))
		if (user->pw_uid == uid)
			break;
	if (user)
		snprintf(name, 64, "%s", user->pw_name);
	else
		snprintf(name, 64, "%u", (unsigned int)uid);
	if (file)
		fclose(file);
}

static int add_process(const struct process *process, const struct home *home, void *arg)
{
	struct ps *ps = arg;
	struct ps_row *rows;

	if (!lsl_is_meant(ps->options, home->name))
		return 0;
	rows = reallocarray(ps->rows, ps->row_count + 1, sizeof(*rows));
	if (!rows)
		return -ENOMEM;
	ps->rows = rows;
	rows[ps->row_count++] = (struct ps_row){home->name, *process};
	return 0;
}

static int compare_rows(const void *a, const void *b)
{
	const struct ps_row *one = a, *other = b;
	int order = strcmp(one->container, other->container);

	if (order != 0)
		return order;
	return one->process.pid < other->process.pid ? -1 : 1;
}

static int add_started(const char *name, void *arg)
{
	struct ps *ps = arg;

	return homes_add(&ps->homes, ps->rundir, name);
}

/* Without a configuration it knows the containers that are started. */
static int collect(struct ps *ps)
{
	struct conf conf;
	const char *why;
	bool has_conf = conf_read(ps->options->config, &conf, &why) == 0;
	int status = homes_read(&ps->homes, ps->rundir, has_conf ? &conf : NULL);

	conf_clear(&conf);
	/* Users may not read every file of the configuration. */
	if (ps->rundir >= 0 && (status == 0 || status == -EACCES))
		status = lsl_visit_started(ps->options, ps->rundir, add_started, ps);
	if (status == 0)
		status = processes_visit(&ps->homes, add_process, ps);
	if (ps->row_count)
		qsort(ps->rows, ps->row_count, sizeof(*ps->rows), compare_rows);
	return status;
}

static void format_start(time_t started, char text[32])
{
	struct tm tm;
	size_t len = 0;

	if (localtime_r(&started, &tm))
		len = time(NULL) - started < DAY ? strftime(text, 32, "%H:%M", &tm)
						 : strftime(text, 32, "%Y-%m-%d", &tm);
	if (len == 0)
		strcpy(text, "?");
}

static int print_ps_text(const struct ps *ps)
{
	static const struct table_column columns[] = {
		{"PID", true, false},       {"USER", false, true},    {"STARTED", false, false},
		{"CONTAINER", false, true}, {"COMMAND", false, true},
	};
	struct terminal terminal = terminal_of(STDOUT_FILENO);
	struct table *table = table_new(columns, sizeof(columns) / sizeof(columns[0]));
	const struct process *process;
	char user[64], started[32];
	int status;
	size_t i;

	for (i = 0; table && i < ps->row_count; i++) {
		process = &ps->rows[i].process;
		name_user(process->uid, user);
		format_start(process->started, started);
		table_add_count(table, process->pid);
		table_add(table, user, STYLE_PLAIN);
		table_add(table, started, STYLE_PLAIN);
		table_add(table, ps->rows[i].container, STYLE_PLAIN);
		table_add(table, process->command, STYLE_PLAIN);
	}
	status = table ? table_print(table, stdout, &terminal) : -ENOMEM;
	table_free(table);
	return status;
}

static void print_ps_json(const struct ps *ps, bool is_complete)
{
	const struct process *process;
	char user[64], started[32];
	struct json json;
	struct tm tm;
	size_t i;

	lsl_begin_json(&json);
	json_bool(&json, "complete", is_complete);
	json_array(&json, "processes");
	for (i = 0; i < ps->row_count; i++) {
		process = &ps->rows[i].process;
		name_user(process->uid, user);
		if (!gmtime_r(&process->started, &tm) ||
		    strftime(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
			started[0] = '\0';
		json_object(&json, NULL);
		json_number(&json, "pid", process->pid);
		json_number(&json, "uid", (long)process->uid);
		json_string(&json, "user", user);
		json_string(&json, "started", started);
		json_string(&json, "container", ps->rows[i].container);
		json_string(&json, "command", process->command);
		json_end(&json);
	}
	json_end(&json);
	lsl_end_json(&json);
}

static int print_ps(const struct ps *ps, int collected)
{
	bool sees_all = caps_has(CAP_SYS_PTRACE);

	if (collected == 0 && ps->options->json)
		print_ps_json(ps, sees_all);
	else if (collected == 0)
		collected = print_ps_text(ps);
	if (collected < 0) {
		lsl_say("cannot look for processes: %s", strerror(-collected));
		return LSL_FAILED;
	}
	if (!sees_all && !ps->options->json)
		lsl_say("only your own processes can be seen (sudo lsl ps for all)");
	return lsl_flush() ? LSL_OK : LSL_FAILED;
}

static void clear_ps(struct ps *ps)
{
	if (ps->rundir >= 0)
		close(ps->rundir);
	free(ps->rows);
	homes_clear(&ps->homes);
}

int lsl_ps(const struct options *options)
{
	static const cap_value_t caps[] = {CAP_SYS_PTRACE};
	struct ps ps = {.options = options};
	int named, status;

	if (!lsl_confine(options, caps, sizeof(caps) / sizeof(caps[0])))
		return LSL_FAILED;
	ps.rundir = rundir_open();
	if (ps.rundir < 0 && ps.rundir != -ENOENT) {
		lsl_say_mntdir(ps.rundir);
		return LSL_FAILED;
	}
	named = lsl_check_names(options, ps.rundir);
	status = print_ps(&ps, collect(&ps));
	clear_ps(&ps);
	return status != LSL_OK ? status : named;
}
