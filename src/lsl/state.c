/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nsfile.h"

void state_look(int mntdir, const char *name, struct state *state)
{
	state->nsfd = nsfile_open(mntdir, name, NULL);
	state->record_status =
		record_read(mntdir, name, state->text, sizeof(state->text), &state->record);
	if (state->nsfd >= 0 && state->record_status == 0)
		state->kind = STATE_STARTED;
	else if (state->nsfd == -ENOENT && state->record_status == -ENOENT)
		state->kind = STATE_STOPPED;
	else
		state->kind = STATE_BROKEN;
}

void state_release(struct state *state)
{
	if (state->nsfd >= 0)
		close(state->nsfd);
	state->nsfd = -EBADF;
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

/* ELEMENT is LEN bytes: "source:target". */
static bool add_bind(struct bind **all, size_t *count, const char *element, size_t len)
{
	size_t source = strcspn(element, ":;");
	struct bind *bind, *binds = realloc(*all, (*count + 1) * sizeof(*binds));

	if (!binds)
		return false;
	*all = binds;
	bind = &binds[(*count)++];
	*bind = (struct bind){.source = strndup(element, source)};
	if (source < len)
		source++;
	bind->target = strndup(element + source, len - source);
	return bind->source && bind->target;
}

static bool add_binds(struct bind **all, size_t *count, const char *mnt)
{
	size_t len;

	for (; *mnt; mnt += len + (mnt[len] != '\0')) {
		len = strcspn(mnt, ";");
		if (!add_bind(all, count, mnt, len))
			return false;
	}
	return true;
}

bool state_container(const struct state *state, struct container *container)
{
	const struct record *record = &state->record;

	*container = (struct container){.name = strdup(record->name), .path = strdup(record->path)};
	if (container->name && container->path && add_bins(container, record->bins) &&
	    add_binds(&container->binds, &container->bind_count, record->mnt) &&
	    add_binds(&container->copies, &container->copy_count, record->copies))
		return true;
	container_clear(container);
	return false;
}

const char *state_name(enum state_kind kind)
{
	static const char *const names[] = {
		[STATE_STOPPED] = "stopped",
		[STATE_STARTED] = "started",
		[STATE_BROKEN] = "broken",
	};

	return names[kind];
}
