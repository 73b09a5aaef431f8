/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "accounts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"

/* Whether LINE is one of NAME's: "name:...". */
static bool is_line_of(const char *line, const char *name)
{
	size_t len = strlen(name);

	return strncmp(line, name, len) == 0 && line[len] == ':';
}

bool accounts_is_line_of_any(const char *line, const struct lines *names)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		if (is_line_of(line, names->line[i]))
			return true;
	return false;
}

/* The first line of NAME from line AT on, or the number of lines. */
static size_t find_line(const struct lines *lines, const char *name, size_t at)
{
	while (at < lines->count && !is_line_of(lines->line[at], name))
		at++;
	return at;
}

/*
 * The place for a new last line: before lines that refer to NIS, after which
 * some C libraries stop reading, and before a last line without newline, which
 * stays the last.
 */
static size_t end_of(const struct lines *lines)
{
	size_t at;

	for (at = 0; at < lines->count; at++)
		if (lines->line[at][0] == '+' || lines->line[at][0] == '-')
			return at;
	return lines->is_open ? lines->count - 1 : lines->count;
}

/*
 * Names in sorted order, to find a line's name fast: a hostile root filesystem
 * may have very many names and lines.
 */
struct account_names {
	const struct lines *lines;
	size_t *order; /* numbers of lines, sorted by their text */
	bool *met; /* for each line: hash_lines found it */
};

static const struct lines *sorted_by;

static int compare_numbers(const void *a, const void *b)
{
	return strcmp(sorted_by->line[*(const size_t *)a], sorted_by->line[*(const size_t *)b]);
}

static int sort_names(const struct lines *lines, struct account_names *names)
{
	size_t i;

	names->lines = lines;
	names->order = calloc(lines->count + 1, sizeof(*names->order));
	names->met = calloc(lines->count + 1, sizeof(*names->met));
	if (!names->order || !names->met)
		return -ENOMEM;
	for (i = 0; i < lines->count; i++)
		names->order[i] = i;
	sorted_by = lines;
	qsort(names->order, lines->count, sizeof(*names->order), compare_numbers);
	return 0;
}

static void clear_names(struct account_names *names)
{
	free(names->order);
	free(names->met);
}

/* Compares the LEN bytes of TEXT with NAME. */
static int compare_name(const char *text, size_t len, const char *name)
{
	int order = strncmp(text, name, len);

	return order == 0 && name[len] ? -1 : order;
}

/* The index of LINE's name, or the number of all names. */
static size_t number_of_name(const struct account_names *names, const char *line)
{
	size_t low = 0, high = names->lines->count, middle, len = strcspn(line, ":");
	int order;

	while (line[len] && low < high) {
		middle = low + (high - low) / 2;
		order = compare_name(line, len, names->lines->line[names->order[middle]]);
		if (order == 0)
			return names->order[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return names->lines->count;
}

const char *account_line_aside(const char *aside)
{
	return strchr(aside, ':') + 1;
}

/*
 * Inserts the line of ASIDE after the line that it stood after, or first; last
 * if a program inside has removed that one.
 */
static int put_back(struct lines *own, const char *aside)
{
	size_t i, len = strcspn(aside, ":") + 1, at = len > 1 ? own->count : 0;

	for (i = 0; i < own->count && len > 1; i++)
		if (strncmp(own->line[i], aside, len) == 0)
			at = i + 1;
	return lines_insert(own, at, account_line_aside(aside));
}

int accounts_take_out(struct lines *lines, const struct account_change *change)
{
	struct account_names names = {.order = NULL};
	struct lines own = {.line = NULL};
	int status = sort_names(&change->added, &names);
	size_t i;

	for (i = 0; i < lines->count && status == 0; i++)
		if (number_of_name(&names, lines->line[i]) == change->added.count)
			status = lines_add(&own, lines->line[i]);
	/* Undone in reverse order, each finds the line that it stood after. */
	for (i = change->aside.count; i-- > 0 && status == 0;)
		status = put_back(&own, change->aside.line[i]);
	own.is_open = lines->is_open && own.count;
	clear_names(&names);
	if (status < 0) {
		lines_clear(&own);
		return status;
	}
	lines_clear(lines);
	*lines = own;
	return 0;
}

/*
 * The number in the third field of a line of passwd or group; -1 without one.
 */
static long long number_of(const char *line)
{
	const char *colon = strchr(line, ':');
	unsigned int number;

	colon = colon ? strchr(colon + 1, ':') : NULL;
	return colon && sscanf(colon, ":%u:", &number) == 1 ? (long long)number : -1;
}

/*
 * The place for the line of ENTRY, if no line has its name: AT, or before the
 * first line with its number.
 */
static size_t place_for(const struct lines *lines, const struct account_entry *entry, size_t at)
{
	size_t i;

	for (i = 0; i < at && entry->has_number; i++)
		if (number_of(lines->line[i]) == (long long)entry->number)
			return i;
	return at;
}

/*
 * Whether the container's LINE stays, and not the host's ENTRY of the same
 * name.
 */
static bool stays(const char *line, enum account_file file, const struct account_entry *entry,
		  const struct people *people)
{
	return file == ACCOUNT_GROUP &&
	       (entry->is_system || number_of(line) < (long long)people->gid_min);
}

/* Sets line AT aside. Lines of the host before it do not count. */
static int set_aside(struct lines *lines, size_t at, struct account_change *change)
{
	const char *before;
	size_t i = at;
	char *aside;
	int status;

	while (i > 0 && accounts_is_line_of_any(lines->line[i - 1], &change->added))
		i--;
	before = i > 0 ? lines->line[i - 1] : "";
	if (asprintf(&aside, "%.*s:%s", (int)strcspn(before, ":"), before, lines->line[at]) < 0)
		return -ENOMEM;
	status = lines_add(&change->aside, aside);
	free(aside);
	lines_remove(lines, at);
	return status;
}

/*
 * Sets the container's lines of ENTRY's name aside. *AT becomes the place for
 * ENTRY: that of the first of them, or the last one, see place_for.
 */
static int begin_name(struct lines *lines, const struct account_entry *entry,
		      struct account_change *change, size_t *at)
{
	bool is_open = lines->is_open;
	size_t first = find_line(lines, entry->name, 0), i = first;
	int status = 0;

	*at = first < lines->count ? first : end_of(lines);
	for (; i < lines->count && status == 0; i = find_line(lines, entry->name, i))
		status = set_aside(lines, i, change);
	lines->is_open = is_open;
	*at = place_for(lines, entry, *at);
	return status < 0 ? status : lines_add(&change->added, entry->name);
}

static int put_entry(struct lines *lines, enum account_file file, const struct account_entry *entry,
		     const struct people *people, struct account_change *change)
{
	size_t at = find_line(lines, entry->name, 0);
	int status = 0;

	if (lines_has(&change->added, entry->name)) {
		/* One more line of the same name, as subuid(5) may have. */
		while (at < lines->count && is_line_of(lines->line[at], entry->name))
			at++;
	} else if (at < lines->count && stays(lines->line[at], file, entry, people)) {
		return 0;
	} else {
		status = begin_name(lines, entry, change, &at);
	}
	return status < 0 ? status : lines_insert(lines, at, entry->line);
}

/*
 * Returns the hash of the lines of each of NAMES, in their order; HASH_BEGIN:
 * it has no line. The caller frees it.
 */
static uint64_t *hash_lines(const struct lines *lines, struct account_names *names)
{
	uint64_t *hash = calloc(names->lines->count + 1, sizeof(*hash));
	size_t i, number;

	for (i = 0; hash && i < names->lines->count; i++)
		hash[i] = HASH_BEGIN;
	for (i = 0; hash && i < lines->count; i++) {
		number = number_of_name(names, lines->line[i]);
		if (number == names->lines->count)
			continue;
		names->met[number] = true;
		hash[number] = hash_bytes(hash[number], lines->line[i], strlen(lines->line[i]) + 1);
	}
	return hash;
}

static int note_written(const struct lines *lines, struct account_change *change)
{
	struct account_names names = {.order = NULL};
	uint64_t *hash = NULL;
	char text[32];
	int status = sort_names(&change->added, &names);
	size_t i;

	if (status == 0) {
		hash = hash_lines(lines, &names);
		status = hash ? 0 : -ENOMEM;
	}
	for (i = 0; i < change->added.count && status == 0; i++) {
		snprintf(text, sizeof(text), "%" PRIu64, hash[i]);
		status = lines_add(&change->written, text);
	}
	free(hash);
	clear_names(&names);
	return status;
}

int accounts_put_in(struct lines *lines, enum account_file file,
		    const struct account_entries *entries, const struct people *people,
		    const struct lines *only, struct account_change *change)
{
	const struct account_entry *entry;
	int status = 0;
	size_t i;

	for (i = 0; i < entries->count && status == 0; i++) {
		entry = &entries->entry[i];
		if (!only || lines_has(only, entry->name))
			status = put_entry(lines, file, entry, people, change);
	}
	return status < 0 ? status : note_written(lines, change);
}

int accounts_visit_changed(const struct lines *lines, const struct account_change *change,
			   void (*found)(const char *name, void *arg), void *arg)
{
	struct account_names names = {.order = NULL};
	int status = sort_names(&change->added, &names);
	uint64_t *hash = status == 0 ? hash_lines(lines, &names) : NULL;
	size_t i;

	for (i = 0; hash && i < change->added.count && i < change->written.count; i++)
		if (names.met[i] && hash[i] != strtoull(change->written.line[i], NULL, 10))
			found(change->added.line[i], arg);
	status = hash ? 0 : -ENOMEM;
	free(hash);
	clear_names(&names);
	return status;
}

void account_change_clear(struct account_change *change)
{
	lines_clear(&change->added);
	lines_clear(&change->written);
	lines_clear(&change->aside);
}
