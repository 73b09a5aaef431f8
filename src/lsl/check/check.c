/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lsl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "check/check.h"
#include "base/json.h"
#include "mount/cmddir_state.h"
#include "rundir.h"
#include "caps.h"
#include "base/terminal.h"
#include "base/debug.h"

/* An answer takes a millisecond. */
#define PATIENCE_MS 3000

/* The checks are made and shown in this order. */
static const struct {
	const char *what; /* for --debug */
	void (*run)(struct check *check);
} checks[] = {
	{"the configuration", check_configuration},
	{"the kernel", check_kernel},
	{"the executor", check_executor},
	{"the mount helper", check_helper},
	{"FUSE", check_fuse},
	{"the state directory", check_mntdir},
	{"limits", check_limits},
	{"what lsl create made", check_store},
	{"PATH of login shells", check_login_path},
	{"sudo", check_sudo},
	{"menus", check_menus},
	{"the caller", check_caller},
};

static void (*const container_checks[])(struct check *check, const struct container *container) = {
	check_rootfs, check_rootfs_is_roots, check_access,  check_interpreter, check_mnt,
	check_bins,   check_bins_are_roots,  check_display, check_locale,
};

void check_begin(struct check *check)
{
	check->root = -EBADF;
	check->rundir = rundir_open();
	check->linksdir = cmddir_state_of(PATH_LINKSDIR, PATIENCE_MS);
	check->sees_all = caps_has(CAP_DAC_READ_SEARCH);
}

void check_end(struct check *check)
{
	if (check->root >= 0)
		close(check->root);
	if (check->rundir >= 0)
		close(check->rundir);
	conf_clear(&check->conf);
	diags_clear(&check->diags);
	free(check->secure_path);
}

enum severity check_severity(const struct check *check, int err, enum severity severity)
{
	return (err == EACCES || err == EPERM) && !check->sees_all ? SEVERITY_UNKNOWN : severity;
}

static bool is_container_started(const struct check *check, const char *name)
{
	static struct instance instance;

	if (check->rundir < 0)
		return false;
	instance_look(check->rundir, name, &instance);
	instance_release(&instance);
	return instance.kind == INSTANCE_STARTED;
}

static void check_container(struct check *check, const struct container *container)
{
	size_t i;

	debug("look at %s", container->name);
	if (!check_answers(check, container))
		return;
	for (i = 0; i < sizeof(container_checks) / sizeof(container_checks[0]); i++)
		container_checks[i](check, container);
	check_journal(check, container, is_container_started(check, container->name));
}

static int check_started(const char *name, void *arg)
{
	static struct instance instance;
	struct check *check = arg;

	instance_look(check->rundir, name, &instance);
	debug("%s is %s", name, instance_kind_name(instance.kind));
	check_state(check, name, &instance);
	check_namespace(check, name, &instance);
	check_kept(check, name, &instance);
	instance_release(&instance);
	return 0;
}

static void check_all(struct check *check)
{
	int status = 0;
	size_t i;

	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		debug("look at %s", checks[i].what);
		checks[i].run(check);
	}
	for (i = 0; i < check->conf.container_count; i++)
		check_container(check, check->conf.containers[i]);
	if (check->rundir >= 0)
		status = lsl_visit_started(check->options, check->rundir, check_started, check);
	if (status < 0)
		check_listing(check, status);
	check_linksdir(check);
}

static void print_check_json(const struct check *check)
{
	struct json json;

	lsl_begin_json(&json);
	json_string(&json, "result", severity_name(diags_worst(&check->diags)));
	diags_to_json(&check->diags, SEVERITY_OK, &json, "findings");
	lsl_end_json(&json);
}

static void print_check_text(const struct check *check)
{
	struct terminal terminal = terminal_of(STDOUT_FILENO);

	diags_print(&check->diags, SEVERITY_OK, stdout, &terminal);
}

static int exit_status(const struct check *check)
{
	switch (diags_worst(&check->diags)) {
	case SEVERITY_ERROR:
		return LSL_ERRORS;
	case SEVERITY_WARNING:
		return LSL_WARNINGS;
	default:
		return LSL_OK;
	}
}

int lsl_check(const struct options *options)
{
	/*
	 * To look into closed directories and at the roots of namespaces, and
	 * to look with a user's rights.
	 */
	static const cap_value_t caps[] = {CAP_DAC_READ_SEARCH, CAP_SYS_ADMIN, CAP_SYS_CHROOT,
					   CAP_SETUID, CAP_SETGID};
	struct check check = {.options = options};
	int status;

	check.has_no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
	check_ask_sudo(&check);
	if (!lsl_confine(options, caps, sizeof(caps) / sizeof(caps[0])))
		return LSL_ERRORS;
	check_begin(&check);
	check_all(&check);
	if (options->json)
		print_check_json(&check);
	else
		print_check_text(&check);
	status = exit_status(&check);
	check_end(&check);
	return lsl_flush() ? status : LSL_ERRORS;
}
