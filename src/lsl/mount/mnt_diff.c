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
 * Whether mounting BIND, the container's element at POSITION, last gives the
 * same namespace as building it anew: BIND covers no place in use, and no later
 * element of the configuration would cover it.
 */
static bool can_add(const struct comparison *comparison, const struct bind *bind, size_t position)
{
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
 * Whether a mount is gone, or two change their order, and one of them covers
 * part of the other.
 */
static bool is_gone_or_reordered(const struct comparison *comparison)
{
	const struct mounted *list = comparison->list;
	size_t i, j;

	for (i = 0; i < comparison->count; i++) {
		if (!list[i].position)
			return true;
		for (j = i + 1; j < comparison->count; j++)
			if (list[i].position > list[j].position && list[j].position &&
			    (path_is_at_or_below(list[i].bind->target, list[j].bind->target) ||
			     path_is_at_or_below(list[j].bind->target, list[i].bind->target)))
				return true;
	}
	return false;
}

static void compare_binds(struct comparison *comparison, const struct container *container,
			  struct mnt_diff *change)
{
	const struct bind *binds = container->binds;
	struct mounted *mounted;
	size_t i, next = 0;

	for (i = 0; i < container->bind_count; i++) {
		mounted = find_mounted(comparison, &binds[i], &next);
		if (mounted)
			mounted->position = i + 1;
	}
	change->needs_restart = is_gone_or_reordered(comparison);
	for (i = 0; i < container->bind_count; i++) {
		if (find_mounted(comparison, &binds[i], &next))
			continue;
		if (can_add(comparison, &binds[i], i + 1))
			change->added[change->added_count++] = binds[i];
		else
			change->needs_restart = true;
	}
}

int mnt_diff_find(const struct container *started, const struct container *container,
		  struct mnt_diff *change)
{
	struct comparison comparison = {.count = started->bind_count};
	size_t i;

	comparison.list = calloc(started->bind_count + 1, sizeof(*comparison.list));
	*change = (struct mnt_diff){
		.added = calloc(container->bind_count + 1, sizeof(struct bind)),
	};
	if (!comparison.list || !change->added) {
		free(comparison.list);
		free(change->added);
		return -ENOMEM;
	}
	for (i = 0; i < comparison.count; i++)
		comparison.list[i].bind = &started->binds[i];
	compare_binds(&comparison, container, change);
	free(comparison.list);
	return 0;
}
