/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "etc/accounts.h"

#include <ctype.h>
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

/* The first line of NAME, or the number of lines. */
static size_t find_line(const struct lines *lines, const char *name)
{
	size_t at = 0;

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
	return lines->is_open && lines->count ? lines->count - 1 : lines->count;
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

/* Adds LINE, which stood after the line BEFORE, to ASIDE. */
static int add_aside(struct lines *aside, const char *before, const char *line)
{
	char *text;
	int status;

	if (asprintf(&text, "%.*s:%s", (int)strcspn(before, ":"), before, line) < 0)
		return -ENOMEM;
	status = lines_add(aside, text);
	free(text);
	return status;
}

/*
 * Removes the lines of NAMES from LINES, and adds them to ASIDE unless that is
 * NULL. 0 or -ENOMEM, with LINES unchanged.
 */
static int remove_names(struct lines *lines, const struct lines *names, struct lines *aside)
{
	struct account_names sorted = {.order = NULL};
	struct lines rest = {.line = NULL};
	const char *before = "";
	int status = sort_names(names, &sorted);
	size_t i;

	for (i = 0; i < lines->count && status == 0; i++) {
		if (number_of_name(&sorted, lines->line[i]) == names->count)
			status = lines_add(&rest, lines->line[i]);
		else if (aside)
			status = add_aside(aside, before, lines->line[i]);
		before = lines->line[i];
	}
	clear_names(&sorted);
	if (status < 0) {
		lines_clear(&rest);
		return status;
	}
	rest.is_open = lines->is_open;
	lines_clear(lines);
	*lines = rest;
	return 0;
}

/*
 * Inserts the line of ASIDE after the line that it stood after, or first; last
 * if a program inside has removed that one. *AT is the place of the one before,
 * which often is that line, and becomes its own.
 */
static int put_back(struct lines *own, const char *aside, size_t *at)
{
	size_t i, len = strcspn(aside, ":") + 1;

	if (len == 1)
		*at = 0;
	else if (*at < own->count && strncmp(own->line[*at], aside, len) == 0)
		++*at;
	else
		for (i = 0, *at = own->count; i < own->count; i++)
			if (strncmp(own->line[i], aside, len) == 0)
				*at = i + 1;
	return lines_insert(own, *at, account_line_aside(aside));
}

int accounts_take_out(struct lines *lines, const struct account_change *change)
{
	int status = remove_names(lines, &change->added, NULL);
	size_t i, at = 0;

	for (i = 0; i < change->aside.count && status == 0; i++)
		status = put_back(lines, change->aside.line[i], &at);
	lines->is_open = lines->is_open && lines->count;
	return status;
}

/*
 * The number in the third field of a line of passwd or group; -1 without one.
 */
static long long number_of(const char *line)
{
	const char *colon = strchr(line, ':');

	colon = colon ? strchr(colon + 1, ':') : NULL;
	return colon && isdigit((unsigned char)colon[1]) ? strtoll(colon + 1, NULL, 10) : -1;
}

/*
 * The place for the line of ENTRY: after the lines of its name, as subuid(5)
 * may have several, or before the first line with its number, or the end.
 */
static size_t place_for(const struct lines *lines, const struct account_entry *entry)
{
	size_t at = find_line(lines, entry->name), end = end_of(lines);

	if (at < lines->count) {
		while (at < lines->count && is_line_of(lines->line[at], entry->name))
			at++;
		return at;
	}
	for (at = 0; at < end && entry->has_number; at++)
		if (number_of(lines->line[at]) == (long long)entry->number)
			return at;
	return end;
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

/* Notes the names of ENTRIES whose lines go into LINES. */
static int choose_names(const struct lines *lines, enum account_file file,
			const struct account_entries *entries, const struct people *people,
			const struct lines *only, struct lines *names)
{
	const struct account_entry *entry;
	int status = 0;
	size_t i, at;

	for (i = 0; i < entries->count && status == 0; i++) {
		entry = &entries->entry[i];
		at = find_line(lines, entry->name);
		if ((only && !lines_has(only, entry->name)) || lines_has(names, entry->name) ||
		    (at < lines->count && stays(lines->line[at], file, entry, people)))
			continue;
		status = lines_add(names, entry->name);
	}
	return status;
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
	int status = choose_names(lines, file, entries, people, only, &change->added);
	size_t i;

	if (status == 0)
		status = remove_names(lines, &change->added, &change->aside);
	for (i = 0; i < entries->count && status == 0; i++) {
		entry = &entries->entry[i];
		if (lines_has(&change->added, entry->name))
			status = lines_insert(lines, place_for(lines, entry), entry->line);
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
