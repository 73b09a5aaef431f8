/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mnt_diff.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A piece of a record's text, without a final NUL. */
struct span {
	const char *text;
	size_t len;
};

struct mounted {
	struct span source, target;
	size_t position; /* among the container's, from 1 on; 0: none */
};

struct comparison {
	const struct container *container;
	struct mounted *list; /* in the order in which they were mounted */
	size_t count;
};

static bool span_is(struct span span, const char *text)
{
	return strlen(text) == span.len && memcmp(text, span.text, span.len) == 0;
}

/* Whether PATH is DIR or below it. */
static bool is_within(struct span path, struct span dir)
{
	return path.len >= dir.len && memcmp(path.text, dir.text, dir.len) == 0 &&
	       (path.len == dir.len || path.text[dir.len] == '/');
}

static struct span span_of(const char *text)
{
	return (struct span){text, strlen(text)};
}

static size_t count_elements(const char *mnt)
{
	size_t count = *mnt ? 1 : 0;

	while ((mnt = strchr(mnt, ';'))) {
		count++;
		mnt++;
	}
	return count;
}

/* Splits "source:target;source:target". */
static int read_mounted(struct comparison *comparison, const char *mnt)
{
	struct mounted *mounted;
	size_t len, source;

	comparison->list = calloc(count_elements(mnt) + 1, sizeof(*comparison->list));
	if (!comparison->list)
		return -ENOMEM;
	for (; *mnt; mnt += len + (mnt[len] != '\0')) {
		len = strcspn(mnt, ";");
		source = strcspn(mnt, ":;");
		mounted = &comparison->list[comparison->count++];
		mounted->source = (struct span){mnt, source};
		if (source < len)
			source++;
		mounted->target = (struct span){mnt + source, len - source};
	}
	return 0;
}

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
		if (!span_is(mounted->source, bind->source) ||
		    !span_is(mounted->target, bind->target))
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
	/* compare has filled in as many as it counted. */
	/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
	struct span target = span_of(bind->target);
	size_t i;

	for (i = 0; i < comparison->count; i++) {
		mounted = &comparison->list[i];
		if (is_within(mounted->target, target))
			return false;
		if (is_within(target, mounted->target) && mounted->position > position)
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
			    (is_within(list[i].target, list[j].target) ||
			     is_within(list[j].target, list[i].target)))
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

int mnt_diff_find(const struct record *record, const struct container *container,
		  struct mnt_diff *change)
{
	struct comparison comparison = {.container = container};
	int status = read_mounted(&comparison, record->mnt);

	memset(change, 0, sizeof(*change));
	if (status < 0)
		return status;
	change->added = calloc(container->bind_count + 1, sizeof(struct bind *));
	if (change->added) {
		compare_binds(&comparison, change);
		leave_out_what_cannot_be_added(&comparison, change);
	} else {
		status = -ENOMEM;
	}
	free(comparison.list);
	return status;
}

char *mnt_diff_append(const char *mnt, const struct bind *bind)
{
	char *longer;

	if (asprintf(&longer, "%s%s%s:%s", mnt, *mnt ? ";" : "", bind->source, bind->target) < 0)
		return NULL;
	return longer;
}

void mnt_diff_clear(struct mnt_diff *change)
{
	free(change->added);
	memset(change, 0, sizeof(*change));
}
