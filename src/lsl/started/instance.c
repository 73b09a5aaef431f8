/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "started/instance.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nsfile.h"

void instance_look(int rundir, const char *name, struct instance *instance)
{
	instance->nsfd = nsfile_open(rundir, name, NULL);
	instance->record_status = record_read(rundir, name, instance->text, sizeof(instance->text),
					      &instance->record);
	if (instance->nsfd >= 0 && instance->record_status == 0)
		instance->kind = INSTANCE_STARTED;
	else if (instance->nsfd == -ENOENT && instance->record_status == -ENOENT)
		instance->kind = INSTANCE_STOPPED;
	else
		instance->kind = INSTANCE_BROKEN;
}

void instance_release(struct instance *instance)
{
	if (instance->nsfd >= 0)
		close(instance->nsfd);
	instance->nsfd = -EBADF;
}

static bool add_bins(struct container *container, struct record_list list)
{
	const char *bin;
	size_t count = 0;

	for (bin = list.first; bin != list.end; bin = record_next(bin))
		count++;
	/* Of none it may be NULL, calloc(3). */
	container->bins = calloc(count ? count : 1, sizeof(*container->bins));
	if (!container->bins)
		return false;
	for (bin = list.first; bin != list.end; bin = record_next(bin)) {
		container->bins[container->bin_count] = strdup(bin);
		if (!container->bins[container->bin_count++])
			return false;
	}
	return true;
}

static bool add_bind(struct bind **all, size_t *count, struct bind bind)
{
	struct bind *binds = reallocarray(*all, *count + 1, sizeof(*binds));

	if (binds)
		*all = binds;
	if (!binds || !bind.source || !bind.target) {
		free(bind.source);
		free(bind.target);
		return false;
	}
	binds[(*count)++] = bind;
	return true;
}

bool instance_add_bind(struct container *container, const struct bind *bind)
{
	return add_bind(&container->binds, &container->bind_count,
			(struct bind){strdup(bind->source), strdup(bind->target), bind->line});
}

/* MNT is a record's: "source:target;source:target". */
static bool add_binds(struct bind **all, size_t *count, const char *mnt)
{
	size_t len, source, target;

	for (; *mnt; mnt += len + (mnt[len] != '\0')) {
		len = strcspn(mnt, ";");
		source = strcspn(mnt, ":;");
		target = source + (mnt[source] == ':');
		if (!add_bind(all, count,
			      (struct bind){.source = strndup(mnt, source),
					    .target = strndup(mnt + target, len - target)}))
			return false;
	}
	return true;
}

/* LIST is some of the COUNT WORDS: the bit of each. */
static unsigned int bits_of(const char *list, const char *const *words, size_t count)
{
	unsigned int bits = 0;
	size_t i, len;

	for (; *list; list += len + (list[len] != '\0')) {
		len = strcspn(list, ";");
		for (i = 0; i < count; i++)
			if (strlen(words[i]) == len && strncmp(list, words[i], len) == 0)
				bits |= 1U << i;
	}
	return bits;
}

unsigned int instance_own(const struct record *record)
{
	return bits_of(record->own, container_own_paths, OWN_COUNT);
}

bool instance_container(const struct instance *instance, struct container *container)
{
	const struct record *record = &instance->record;

	*container = (struct container){.name = strdup(record->name), .path = strdup(record->path)};
	container->own = instance_own(record);
	container->allowed = bits_of(record->allow, container_allowances, ALLOW_COUNT);
	container->has_no_commands = record->has_no_commands;
	container->people = record->people ? strdup(record->people) : NULL;
	if (container->name && container->path && !container->people == !record->people &&
	    add_bins(container, record->bins) &&
	    add_binds(&container->binds, &container->bind_count, record->mnt) &&
	    add_binds(&container->copies, &container->copy_count, record->copies))
		return true;
	container_clear(container);
	return false;
}

const char *instance_kind_name(enum instance_kind kind)
{
	static const char *const names[] = {
		[INSTANCE_STOPPED] = "stopped",
		[INSTANCE_STARTED] = "started",
		[INSTANCE_BROKEN] = "broken",
	};

	return names[kind];
}
