/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mount/mnt_diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files/pathtext.h"

struct mounted {
	const struct bind *bind;
	size_t position; /* among the container's, from 1 on; 0: none */
};

struct comparison {
	const struct container *container;
	struct mounted *list; /* in the order in which they were mounted */
	size_t count;
};

/*
 * Returns the element that equals BIND, or NULL. Usually both lists have the
 * same order, so the search begins at *NEXT.
 */
static struct mounted *find_mounted(const struct comparison *comparison, const struct bind *bind,
				    size_t *next)
{
	struct mounted *mounted;
	size_t i, at;

	for (i = 0; i < comparison->count; i++) {
		at = (*next + i) % comparison->count;
		mounted = &comparison->list[at];
		if (strcmp(mounted->bind->source, bind->source) != 0 ||
		    strcmp(mounted->bind->target, bind->target) != 0)
			continue;
		*next = at + 1;
		return mounted;
	}
	return NULL;
}

/*
 * Whether mounting BIND last gives the same namespace as building it anew: BIND
 * covers no place in use, and no later element of the configuration would cover
 * it.
 */
static bool can_add(const struct comparison *comparison, const struct bind *bind)
{
	size_t position = (size_t)(bind - comparison->container->binds) + 1;
	const struct mounted *mounted;
	size_t i;

	for (i = 0; i < comparison->count; i++) {
		mounted = &comparison->list[i];
		if (path_is_at_or_below(mounted->bind->target, bind->target))
			return false;
		if (path_is_at_or_below(bind->target, mounted->bind->target) &&
		    mounted->position > position)
			return false;
	}
	return true;
}

/*
 * Whether two mounts change their order, and one of them covers part of the
 * other.
 */
static bool is_reordered(const struct comparison *comparison)
{
	const struct mounted *list = comparison->list;
	size_t i, j;

	for (i = 0; i < comparison->count; i++)
		for (j = i + 1; j < comparison->count; j++)
			if (list[i].position > list[j].position && list[j].position &&
			    (path_is_at_or_below(list[i].bind->target, list[j].bind->target) ||
			     path_is_at_or_below(list[j].bind->target, list[i].bind->target)))
				return true;
	return false;
}

static bool is_in_order(const struct comparison *comparison)
{
	size_t i;

	for (i = 1; i < comparison->count; i++)
		if (comparison->list[i - 1].position > comparison->list[i].position)
			return false;
	return true;
}

static void compare_binds(struct comparison *comparison, struct mnt_diff *change)
{
	const struct container *container = comparison->container;
	struct mounted *mounted;
	size_t i, next = 0;

	for (i = 0; i < container->bind_count; i++) {
		mounted = find_mounted(comparison, &container->binds[i], &next);
		if (mounted)
			mounted->position = i + 1;
		else
			change->added[change->added_count++] = &container->binds[i];
	}
	for (i = 0; i < comparison->count; i++)
		if (!comparison->list[i].position)
			change->needs_restart = true;
	if (!is_in_order(comparison) && is_reordered(comparison))
		change->needs_restart = true;
}

static void leave_out_what_cannot_be_added(const struct comparison *comparison,
					   struct mnt_diff *change)
{
	size_t i, count = 0;

	for (i = 0; i < change->added_count; i++) {
		if (can_add(comparison, change->added[i]))
			change->added[count++] = change->added[i];
		else
			change->needs_restart = true;
	}
	change->added_count = count;
}

int mnt_diff_find(const struct container *started, const struct container *container,
		  struct mnt_diff *change)
{
	struct comparison comparison = {.container = container, .count = started->bind_count};
	int status = 0;
	size_t i;

	comparison.list = calloc(started->bind_count + 1, sizeof(*comparison.list));
	*change = (struct mnt_diff){
		.added = calloc(container->bind_count + 1, sizeof(struct bind *)),
	};
	if (comparison.list && change->added) {
		for (i = 0; i < comparison.count; i++)
			comparison.list[i].bind = &started->binds[i];
		compare_binds(&comparison, change);
		leave_out_what_cannot_be_added(&comparison, change);
	} else {
		status = -ENOMEM;
	}
	free(comparison.list);
	return status;
}

void mnt_diff_clear(struct mnt_diff *change)
{
	free(change->added);
	memset(change, 0, sizeof(*change));
}
