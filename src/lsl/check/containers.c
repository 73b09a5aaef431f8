/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares the containers in MNTDIR with the configuration. */
#include "config.h"

#include "check/check.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rootfs/answers.h"
#include "base/forked.h"
#include "nsfile.h"
#include "base/debug.h"

static const char check_name[] = "state";

/* Reports changes since the start of NAME that need a restart. */
static void check_own_paths(struct check *check, const char *name, const struct instance *instance)
{
	const struct container *container = conf_find(&check->conf, name);
	struct diag_place place;

	if (instance->kind != INSTANCE_STARTED || !container || container->has_errors ||
	    instance_own(&instance->record) == container->own)
		return;
	place = check_place(check_name, container, container->line);
	diag_add(&check->diags, SEVERITY_WARNING, &place,
		 "own was changed since it was started, and takes effect after restart");
	diag_command(&check->diags, "sudo lsl restart %s", name);
}

void check_state(struct check *check, const char *name, const struct instance *instance)
{
	struct diag_place place = {.check = check_name, .container = name};

	if (instance->kind == INSTANCE_BROKEN) {
		diag_add(&check->diags, SEVERITY_ERROR, &place, "its %s is stale%s",
			 instance->nsfd < 0 ? "record" : "pinned namespace",
			 instance->nsfd == -ENOTTY
				 ? " (or it was started in another mount namespace)"
				 : "");
		if (conf_find(&check->conf, name))
			diag_command(&check->diags, "sudo lsl start %s", name);
	}
	check_own_paths(check, name, instance);
	if (instance->kind == INSTANCE_STOPPED || conf_find(&check->conf, name) ||
	    !check_has_whole_conf(check))
		return;
	diag_add(&check->diags, SEVERITY_WARNING, &place, "started, but no longer in %s",
		 check->options->config);
	diag_command(&check->diags, "sudo lsl stop %s", name);
}

/* ARG: the namespace's fd. */
static void stat_root(int results, const void *arg)
{
	const int *nsfd = arg;
	struct stat st;

	if (nsfile_enter(*nsfd) == 0 && stat("/", &st) == 0)
		(void)!write(results, &st, sizeof(st));
}

/* Whether the root of the container of INSTANCE answers. */
static bool root_answers(const struct instance *instance)
{
	struct container container;
	bool does = !instance_container(instance, &container) || answers_in_time(&container);

	container_clear(&container);
	return does;
}

/* Whether the root directory of INSTANCE, INSIDE, is still at its path. */
static void check_root(struct check *check, const struct diag_place *place,
		       const struct instance *instance, const struct stat *inside)
{
	const char *path = instance->record.path;
	struct stat here;

	if (inside->st_nlink == 0) {
		diag_add(&check->diags, SEVERITY_ERROR, place,
			 "started, but its root filesystem was removed since");
		diag_command(&check->diags, "sudo lsl restart %s", place->container);
	} else if (stat(path, &here) < 0) {
		diag_add(&check->diags, SEVERITY_WARNING, place,
			 "started, but its root filesystem is no longer at %s", path);
		diag_line(&check->diags, "move it back, or correct path, then sudo lsl restart %s",
			  place->container);
	} else if (here.st_dev != inside->st_dev || here.st_ino != inside->st_ino) {
		diag_add(&check->diags, SEVERITY_WARNING, place,
			 "started, but %s is another directory now, not the one that was started",
			 path);
		diag_command(&check->diags, "sudo lsl restart %s", place->container);
	} else {
		diag_add(&check->diags, SEVERITY_OK, place, "started");
	}
}

void check_namespace(struct check *check, const char *name, const struct instance *instance)
{
	struct diag_place place = {.check = check_name, .container = name};
	struct stat inside = {0};

	if (instance->kind != INSTANCE_STARTED)
		return;
	if (!root_answers(instance)) {
		diag_add(&check->diags, SEVERITY_ERROR, &place,
			 "started, but a file system of it does not answer");
		return;
	}
	debug("%s: setns and stat /", name);
	if (forked_ask(stat_root, &instance->nsfd, &inside, sizeof(inside)) !=
	    (ssize_t)sizeof(inside)) {
		diag_add(&check->diags, SEVERITY_UNKNOWN, &place,
			 "started; only root can see its root directory (sudo lsl check)");
		return;
	}
	check_root(check, &place, instance, &inside);
}
