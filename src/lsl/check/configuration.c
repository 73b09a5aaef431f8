/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "check/check.h"

#include <errno.h>
#include <stddef.h>

static const char check_name[] = "configuration";

/*
 * What only root can read. EPERM is another matter: others than root can write.
 */
static enum severity severity_of(const struct check *check, int err)
{
	return err == EPERM ? SEVERITY_ERROR : check_severity(check, err, SEVERITY_ERROR);
}

/* Whether it could be read. */
static bool read_conf(struct check *check)
{
	const char *path = check->options->config, *why;
	struct diag_place place = {.check = check_name, .file = path};
	int status = conf_read(path, &check->conf, &why);

	check->is_conf_unreadable = status < 0 && status != -ENOENT;
	if (status < 0)
		diag_add(&check->diags, severity_of(check, -status), &place, "%s", why);
	return status == 0;
}

static void report_mistake(struct check *check, const struct conf_mistake *mistake)
{
	struct diag_place place = {
		.check = check_name,
		.container = mistake->container ? mistake->container->name : NULL,
		.file = mistake->file,
		.line = mistake->line,
	};

	diag_add(&check->diags, severity_of(check, mistake->err), &place, "%s", mistake->text);
}

bool check_has_whole_conf(const struct check *check)
{
	size_t i;

	if (check->is_conf_unreadable)
		return false;
	for (i = 0; i < check->conf.mistake_count; i++)
		if (check->conf.mistakes[i].err)
			return false;
	return true;
}

void check_configuration(struct check *check)
{
	const struct conf *conf = &check->conf;
	struct diag_place place = {.check = check_name, .file = check->options->config};
	size_t i;

	if (!read_conf(check))
		return;
	if (conf->mistake_count == 0 && conf->container_count == 0)
		diag_add(&check->diags, SEVERITY_WARNING, &place,
			 "it has no container: write a section for each, see subsys.conf(5)");
	else if (conf->mistake_count == 0)
		diag_add(&check->diags, SEVERITY_OK, &place, "no mistakes (%zu %s)",
			 conf->container_count,
			 conf->container_count == 1 ? "container" : "containers");
	for (i = 0; i < conf->mistake_count; i++)
		report_mistake(check, &conf->mistakes[i]);
}
