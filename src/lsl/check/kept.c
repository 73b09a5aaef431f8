/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * File systems that the host has unmounted and a container still has: the one
 * of its root, and those in which another element of mnt is mounted
 * (mountns.c). They stay in use until the container is stopped.
 */
#include "config.h"

#include "check/check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>

#include "caps.h"
#include "base/forked.h"
#include "mountinfo.h"
#include "nsfile.h"

static const char check_name[] = "kept";

/* The file systems that the host has mounted. */
struct kept_devices {
	dev_t *device;
	size_t count;
};

/* In the process that looks. */
struct kept_search {
	struct kept_devices host;
	struct container container;
	FILE *results;
};

static int note_device(const struct mountinfo *mount, void *arg)
{
	struct kept_devices *devices = arg;
	dev_t *more = reallocarray(devices->device, devices->count + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	devices->device = more;
	more[devices->count++] = mount->device;
	return 0;
}

static bool has_device(const struct kept_devices *devices, dev_t device)
{
	size_t i;

	for (i = 0; i < devices->count; i++)
		if (devices->device[i] == device)
			return true;
	return false;
}

/* Whether the mount point PATH is the root or an element of mnt. */
static bool is_of_configuration(const struct container *container, const char *path)
{
	size_t i;

	for (i = 0; i < container->bind_count; i++)
		if (strcmp(container->binds[i].target, path) == 0)
			return true;
	return strcmp(path, "/") == 0;
}

static int print_kept(const struct mountinfo *mount, void *arg)
{
	const struct kept_search *search = arg;

	/* The links of live files are on a tmpfs of lsl's. */
	if (has_device(&search->host, mount->device) || strcmp(mount->source, "lsl") == 0 ||
	    !is_of_configuration(&search->container, mount->mount_point))
		return 0;
	fprintf(search->results, "%s%c%s%c", mount->mount_point, '\0', mount->source, '\0');
	return 0;
}

/* In a child, which compares the host's mounts with the container's. */
static void search_inside(int results, const void *arg)
{
	const struct instance *instance = arg;
	struct kept_search search = {.results = fdopen(results, "w")};

	if (search.results && instance_container(instance, &search.container) &&
	    mountinfo_visit_own(note_device, &search.host) == 0 &&
	    nsfile_enter(instance->nsfd) == 0)
		(void)mountinfo_visit_own(print_kept, &search);
	if (search.results)
		fclose(search.results);
}

/* TEXT: two strings for each mount. */
static void report_kept(struct check *check, const char *name, const char *text, size_t len)
{
	struct diag_place place = {.check = check_name, .container = name};
	const char *end = text + len, *source;

	for (; text < end; text = source + strlen(source) + 1) {
		source = text + strlen(text) + 1;
		diag_add(
			&check->diags, SEVERITY_WARNING, &place,
			"its %s is on %s, which the host has unmounted: the container keeps that in use",
			text, source);
		diag_command(&check->diags, "sudo lsl stop %s", name);
	}
}

void check_kept(struct check *check, const char *name, const struct instance *instance)
{
	char text[64 * 1024];
	ssize_t len;

	if (instance->kind != INSTANCE_STARTED || !caps_has(CAP_SYS_ADMIN))
		return;
	len = forked_ask(search_inside, instance, text, sizeof(text));
	if (len > 0 && !text[len - 1])
		report_kept(check, name, text, (size_t)len);
}
