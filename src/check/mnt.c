/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "check/check.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static const char check_name[] = "mnt";

void check_mnt(struct check *check, const struct container *container)
{
	struct place place = {check_name, container->name, check->options->config, 0};
	const struct bind *bind;
	size_t i, well = 0;
	struct stat st;

	for (i = 0; i < container->bind_count; i++) {
		bind = &container->binds[i];
		if (stat(bind->source, &st) == 0) {
			well++;
			continue;
		}
		place.line = bind->line;
		if (errno == ENOENT)
			finding_add(
				&check->findings, SEVERITY_WARNING, &place,
				"mnt: %s is not there, so the container is without it: create it or remove it from mnt",
				bind->source);
		else
			finding_add(&check->findings, check_severity(check, errno, SEVERITY_ERROR),
				    &place, "mnt: %s: %s", bind->source, strerror(errno));
	}
	place.line = 0;
	if (well && well == container->bind_count)
		finding_add(&check->findings, SEVERITY_OK, &place, "what mnt names is there (%zu)",
			    well);
}
