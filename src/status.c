/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lsl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inroot.h"
#include "linksdir.h"
#include "mntdir.h"
#include "nsfile.h"
#include "pathnames.h"
#include "privs.h"
#include "processes.h"
#include "record.h"

enum state {
	STATE_STOPPED,
	STATE_STARTED,
	STATE_BROKEN
};

static const char *const state_names[] = {"stopped", "started", "broken"};

/* One row of the table. Both may be there, or one: what is configured and what is started. */
struct row {
	const char *name;
	const struct container *container;
	enum state state;
	char *path;
	long commands; /* negative: unknown */
	long running; /* negative: unknown */
};

struct table {
	const struct options *options;
	struct conf conf;
	int mntdir; /* or a negative errno */
	bool sees_processes;
	FILE *problems;
	size_t problem_count;
};

static void problem(struct table *table, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void problem(struct table *table, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(table->problems, format, args);
	va_end(args);
	fputc('\n', table->problems);
	table->problem_count++;
}

static int count_process(const struct process *process, void *arg)
{
	long *count = arg;

	(void)process;
	++*count;
	return 0;
}

static void look_at_record(struct table *table, struct row *row)
{
	static char text[RECORD_SIZE_MAX + 1];
	struct record record;
	int nsfd = nsfile_open(table->mntdir, row->name);
	int status = record_read(table->mntdir, row->name, text, sizeof(text), &record);

	if (nsfd >= 0 && status == 0) {
		row->state = STATE_STARTED;
		free(row->path);
		row->path = strdup(record.path);
	} else if (nsfd != -ENOENT || status != -ENOENT) {
		row->state = STATE_BROKEN;
		problem(table, "%s: its %s is stale (sudo lsl start %s, or sudo lsl stop %s)",
			row->name, nsfd < 0 ? "record" : "pinned namespace", row->name, row->name);
	}
	if (nsfd < 0)
		return;
	if (table->sees_processes) {
		row->running = 0;
		if (processes_visit(nsfd, count_process, &row->running) < 0)
			row->running = -1;
	}
	close(nsfd);
}

/* The bind of CONTAINER that PATH lies in, or NULL. */
static const struct bind *bind_of(const struct container *container, const char *path)
{
	const struct bind *best = NULL;
	size_t i, len;

	for (i = 0; i < container->bind_count; i++) {
		len = strlen(container->binds[i].target);
		if (strncmp(container->binds[i].target, path, len) == 0 &&
		    (path[len] == '/' || path[len] == '\0'))
			best = &container->binds[i];
	}
	return best;
}

/* Whether PATH, as seen inside, is there; looked at from the host. */
static bool exists_inside(const struct container *container, const char *path)
{
	const struct bind *bind = bind_of(container, path);
	const char *dir = bind ? bind->source : container->path;
	int root = open(dir, O_PATH | O_CLOEXEC);
	int fd;

	if (bind)
		path += strlen(bind->target);
	if (root < 0 || !*path) {
		fd = root;
		root = -1;
	} else {
		fd = inroot_open(root, path, O_PATH);
	}
	if (root >= 0)
		close(root);
	if (fd >= 0)
		close(fd);
	return fd >= 0 || fd == -EACCES;
}

static void look_at_rootfs(struct table *table, const struct container *container)
{
	struct stat st;
	size_t i;

	if (container->has_errors) {
		problem(table, "%s: its section has mistakes, see above", container->name);
		return;
	}
	if (stat(container->path, &st) < 0) {
		problem(table, "%s: root file system %s: %s", container->name, container->path,
			strerror(errno));
		return;
	}
	for (i = 0; i < container->bin_count; i++)
		if (!exists_inside(container, container->bins[i]))
			problem(table, "%s: bins: %s is not there", container->name,
				container->bins[i]);
}

static void print_number(long number)
{
	if (number < 0)
		printf("%9s", "-");
	else
		printf("%9ld", number);
}

static int print_row(struct table *table, const char *name, const struct container *container)
{
	struct row row = {.name = name, .container = container, .commands = -1, .running = -1};

	row.path = container && container->path ? strdup(container->path) : NULL;
	if (table->mntdir >= 0)
		look_at_record(table, &row);
	if (container)
		look_at_rootfs(table, container);
	else if (row.state == STATE_STARTED)
		problem(table, "%s: started, but no longer in %s (sudo lsl stop %s)", name,
			table->options->config, name);
	if (row.state == STATE_STARTED)
		row.commands = linksdir_count(name);
	printf("%-20s %-8s", name, state_names[row.state]);
	print_number(row.commands);
	print_number(row.running);
	printf("  %s\n", row.path ? row.path : "-");
	free(row.path);
	return 0;
}

/* A container that is started and not configured. */
static int print_leftover(const char *name, void *arg)
{
	struct table *table = arg;

	if (conf_find(&table->conf, name) || !lsl_is_meant(table->options, name))
		return 0;
	return print_row(table, name, NULL);
}

static void print_configured(struct table *table)
{
	const struct conf *conf = &table->conf;
	size_t i;

	for (i = 0; i < conf->container_count; i++)
		/* Of several with one name the first. */
		if (lsl_is_meant(table->options, conf->containers[i]->name) &&
		    conf_find(conf, conf->containers[i]->name) == conf->containers[i])
			print_row(table, conf->containers[i]->name, conf->containers[i]);
}

static bool check_names(const struct table *table)
{
	const struct options *options = table->options;
	struct record record;
	static char text[RECORD_SIZE_MAX + 1];
	bool all_there = true;
	size_t i;

	for (i = 0; i < options->name_count; i++) {
		if (conf_find(&table->conf, options->names[i]) ||
		    (table->mntdir >= 0 && record_read(table->mntdir, options->names[i], text,
						       sizeof(text), &record) == 0))
			continue;
		lsl_say("there is no container %s in %s", options->names[i], options->config);
		all_there = false;
	}
	return all_there;
}

static void look_at_linksdir(struct table *table)
{
	int state = linksdir_state();

	if (state == LINKSDIR_DEAD)
		problem(table, "%s: its daemon is gone (sudo lsl start)", PATH_LINKSDIR);
	else if (state == LINKSDIR_UNMOUNTED && table->mntdir >= 0)
		problem(table, "%s is not mounted (sudo lsl start)", PATH_LINKSDIR);
	else if (state < 0)
		problem(table, "%s: %s", PATH_LINKSDIR, strerror(-state));
}

/* Exit status 1 when anything is wrong, so that scripts can ask. */
static int print_table(struct table *table)
{
	char *text = NULL;
	size_t size;
	bool fine;

	table->problems = open_memstream(&text, &size);
	if (!table->problems) {
		lsl_say("%s", strerror(ENOMEM));
		return LSL_FAILED;
	}
	fine = check_names(table) && table->conf.mistake_count == 0;
	printf("%-20s %-8s%9s%9s  %s\n", "CONTAINER", "STATE", "COMMANDS", "RUNNING", "ROOTFS");
	print_configured(table);
	if (table->mntdir >= 0)
		mntdir_visit(table->mntdir, print_leftover, table);
	look_at_linksdir(table);
	fclose(table->problems);
	if (table->problem_count)
		printf("\n%s", text);
	free(text);
	if (fflush(stdout) != 0)
		return LSL_FAILED;
	return fine && table->problem_count == 0 ? LSL_OK : LSL_FAILED;
}

int lsl_status(const struct options *options)
{
	static const cap_value_t caps[] = {CAP_SYS_PTRACE};
	struct table table = {.options = options};
	int status;

	if (!lsl_confine(options, caps, sizeof(caps) / sizeof(caps[0])))
		return LSL_FAILED;
	table.sees_processes = privs_has(CAP_SYS_PTRACE);
	if (!lsl_read_conf(options, &table.conf))
		return LSL_FAILED;
	table.mntdir = mntdir_open();
	if (table.mntdir < 0 && table.mntdir != -ENOENT) {
		lsl_say_mntdir(table.mntdir);
		status = LSL_FAILED;
	} else {
		status = print_table(&table);
	}
	if (table.mntdir >= 0)
		close(table.mntdir);
	conf_clear(&table.conf);
	return status;
}
