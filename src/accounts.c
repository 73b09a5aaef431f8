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

/* The first line of NAME from line AT on, or the number of lines. */
static size_t find_line(const struct lines *lines, const char *name, size_t at)
{
	while (at < lines->count && !is_line_of(lines->line[at], name))
		at++;
	return at;
}

/*
 * Where a line can be put behind all others: before lines that refer to NIS,
 * after which some C libraries read no more, and before a last line without
 * newline, which stays the last.
 */
static size_t end_of(const struct lines *lines)
{
	size_t at;

	for (at = 0; at < lines->count; at++)
		if (lines->line[at][0] == '+' || lines->line[at][0] == '-')
			return at;
	return lines->is_open ? lines->count - 1 : lines->count;
}

/* Replaces the lines of NAME by those of them that stand aside, or adds these where no line is left. */
static int restore_name(struct lines *lines, const char *name, const struct lines *aside)
{
	size_t i, at = find_line(lines, name, 0);
	bool is_last_open = lines->is_open, is_first = true, was_there = at < lines->count;
	int status = 0;

	if (!was_there)
		at = end_of(lines);
	for (i = 0; i < aside->count && status == 0; i++) {
		if (!is_line_of(aside->line[i], name))
			continue;
		status = is_first && was_there ? lines_replace(lines, at, aside->line[i])
					       : lines_insert(lines, at, aside->line[i]);
		is_first = false;
		at++;
	}
	while ((at = find_line(lines, name, at)) < lines->count)
		lines_remove(lines, at);
	lines->is_open = is_last_open && lines->count;
	return status;
}

int accounts_take_out(struct lines *lines, const struct account_change *change)
{
	int status = 0;
	size_t i;

	for (i = 0; i < change->added.count && status == 0; i++)
		status = restore_name(lines, change->added.line[i], &change->aside);
	return status;
}

/* The number in the third field of a line of passwd or group; -1 without one. */
static long long number_of(const char *line)
{
	const char *colon = strchr(line, ':');
	unsigned int number;

	colon = colon ? strchr(colon + 1, ':') : NULL;
	return colon && sscanf(colon, ":%u:", &number) == 1 ? (long long)number : -1;
}

/* Where the line of ENTRY, whose name nobody has, belongs. */
static size_t place_for(const struct lines *lines, const struct account_entry *entry)
{
	size_t at, end = end_of(lines);

	for (at = 0; at < end && entry->has_number; at++)
		if (number_of(lines->line[at]) == (long long)entry->number)
			return at;
	return end;
}

/* Whether the container's LINE stays, and not the host's ENTRY of the same name. */
static bool stays(const char *line, enum account_file file, const struct account_entry *entry,
		  const struct people *people)
{
	if (file == ACCOUNT_GSHADOW)
		return true;
	return file == ACCOUNT_GROUP &&
	       (entry->is_system || number_of(line) < (long long)people->gid_min);
}

/* Sets the container's lines of NAME aside. Their place, where there was one, becomes *AT. */
static int set_aside(struct lines *lines, const char *name, struct lines *aside, size_t *at)
{
	size_t i = find_line(lines, name, 0);
	bool is_first = true;
	int status = 0;

	for (; i < lines->count && status == 0; i = find_line(lines, name, i)) {
		status = lines_add(aside, lines->line[i]);
		if (is_first)
			*at = i;
		is_first = false;
		lines_remove(lines, i);
	}
	return status;
}

/* A name whose lines are new: what stood there goes aside, and the name is noted. */
static int begin_name(struct lines *lines, const struct account_entry *entry,
		      struct account_change *change, size_t *at)
{
	bool is_open = lines->is_open;
	int status = lines_add(&change->added, entry->name);

	*at = place_for(lines, entry);
	if (status == 0)
		status = set_aside(lines, entry->name, &change->aside, at);
	lines->is_open = is_open;
	return status;
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

/* Of all lines of NAME, in their order. */
static uint64_t hash_lines_of(const struct lines *lines, const char *name)
{
	uint64_t hash = HASH_BEGIN;
	size_t i = find_line(lines, name, 0);

	for (; i < lines->count; i = find_line(lines, name, i + 1))
		hash = hash_bytes(hash, lines->line[i], strlen(lines->line[i]) + 1);
	return hash;
}

static int note_written(const struct lines *lines, struct account_change *change)
{
	char text[32];
	int status = 0;
	size_t i;

	for (i = 0; i < change->added.count && status == 0; i++) {
		snprintf(text, sizeof(text), "%" PRIu64,
			 hash_lines_of(lines, change->added.line[i]));
		status = lines_add(&change->written, text);
	}
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

void accounts_visit_changed(const struct lines *lines, const struct account_change *change,
			    void (*found)(const char *name, void *arg), void *arg)
{
	const char *name;
	uint64_t hash;
	size_t i;

	for (i = 0; i < change->added.count && i < change->written.count; i++) {
		name = change->added.line[i];
		hash = strtoull(change->written.line[i], NULL, 10);
		if (find_line(lines, name, 0) < lines->count && hash_lines_of(lines, name) != hash)
			found(name, arg);
	}
}

void account_change_clear(struct account_change *change)
{
	lines_clear(&change->added);
	lines_clear(&change->written);
	lines_clear(&change->aside);
}
