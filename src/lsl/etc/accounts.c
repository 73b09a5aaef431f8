/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "etc/accounts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"

bool account_change_has(const struct account_change *change, const char *line)
{
	return accountlines_search(&change->added, line) < change->added.count;
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

const char *account_line_aside(const char *aside)
{
	return strchr(aside, ':') + 1;
}

/*
 * Removes the lines of the names in ADDED from LINES, and adds them to ASIDE
 * unless that is NULL. 0 or -ENOMEM, with LINES unchanged.
 */
static int remove_names(struct lines *lines, const struct lines *added, struct lines *aside)
{
	struct lines rest = {.is_open = lines->is_open};
	const char *line, *before = "";
	int status = 0;
	size_t i;

	for (i = 0; i < lines->count && status == 0; i++) {
		line = lines->line[i];
		if (accountlines_search(added, line) == added->count)
			status = lines_add(&rest, line);
		else if (aside)
			status = lines_print(aside, "%.*s:%s", (int)strcspn(before, ":"), before,
					     line);
		before = line;
	}
	if (status < 0) {
		lines_clear(&rest);
		return status;
	}
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
 * The place for LINE, the host's: after the lines of its name, as subuid(5) may
 * have several, or before the first line with its number, or the end.
 */
static size_t place_for(const struct lines *lines, enum account_file file, const char *line)
{
	bool has_number = file == ACCOUNT_PASSWD || file == ACCOUNT_GROUP;
	size_t at = accountlines_find(lines, line), end = end_of(lines);

	if (at < lines->count) {
		while (at < lines->count && accountline_compare(lines->line[at], line) == 0)
			at++;
		return at;
	}
	for (at = 0; at < end && has_number; at++)
		if (accountline_number(lines->line[at]) == accountline_number(line))
			return at;
	return end;
}

/*
 * Whether the container's line OWN stays, and not the host's of the same name.
 */
static bool containers_stays(enum account_file file, const char *own, const char *line,
			     const struct people *people)
{
	return file == ACCOUNT_GROUP && (accountline_number(line) < (long long)people->gid_min ||
					 accountline_number(own) < (long long)people->gid_min);
}

/* Fills ADDED with the names of the people whose lines go into LINES. */
static int choose_names(const struct lines *lines, enum account_file file,
			const struct people *people, const struct lines *only, struct lines *added)
{
	const struct lines *host = &people->of[file];
	const char *line;
	int status = 0;
	size_t i, at;

	for (i = 0; i < host->count && status == 0; i++) {
		line = host->line[i];
		at = accountlines_find(lines, line);
		if ((only && accountlines_search(only, line) == only->count) ||
		    accountlines_find(added, line) < added->count ||
		    (at < lines->count && containers_stays(file, lines->line[at], line, people)))
			continue;
		status = lines_print(added, "%.*s:", (int)strcspn(line, ":"), line);
	}
	accountlines_sort(added);
	return status;
}

/*
 * Returns the hash of the lines of each name in ADDED, in their order;
 * HASH_BEGIN: it has no line. The caller frees it; NULL without memory.
 */
static uint64_t *hash_lines(const struct lines *lines, const struct lines *added)
{
	uint64_t *hash = calloc(added->count + 1, sizeof(*hash));
	size_t i, at;

	for (i = 0; hash && i < added->count; i++)
		hash[i] = HASH_BEGIN;
	for (i = 0; hash && i < lines->count; i++) {
		at = accountlines_search(added, lines->line[i]);
		if (at < added->count)
			hash[at] = hash_bytes(hash[at], lines->line[i], strlen(lines->line[i]) + 1);
	}
	return hash;
}

/* Writes the hashes of the lines of CHANGE's names into it. */
static int note_hashes(const struct lines *lines, struct account_change *change)
{
	uint64_t *hash = hash_lines(lines, &change->added);
	struct lines noted = {.line = NULL};
	int status = hash ? 0 : -ENOMEM;
	size_t i;

	for (i = 0; i < change->added.count && status == 0; i++)
		status = lines_print(&noted, "%s%" PRIu64, change->added.line[i], hash[i]);
	free(hash);
	lines_clear(&change->added);
	change->added = noted;
	return status;
}

int accounts_put_in(struct lines *lines, enum account_file file, const struct people *people,
		    const struct lines *only, struct account_change *change)
{
	const struct lines *host = &people->of[file];
	int status = choose_names(lines, file, people, only, &change->added);
	size_t i;

	if (status == 0)
		status = remove_names(lines, &change->added, &change->aside);
	for (i = 0; i < host->count && status == 0; i++)
		if (account_change_has(change, host->line[i]))
			status = lines_insert(lines, place_for(lines, file, host->line[i]),
					      host->line[i]);
	return status < 0 ? status : note_hashes(lines, change);
}

int accounts_find_changed(const struct lines *lines, const struct account_change *change,
			  struct lines *names)
{
	uint64_t *hash = hash_lines(lines, &change->added);
	int status = hash ? 0 : -ENOMEM;
	const char *added;
	size_t i, len;

	for (i = 0; i < change->added.count && status == 0; i++) {
		added = change->added.line[i];
		len = strcspn(added, ":");
		if (hash[i] != HASH_BEGIN && hash[i] != strtoull(added + len + 1, NULL, 10))
			status = lines_print(names, "%.*s", (int)len, added);
	}
	free(hash);
	return status;
}

int account_change_join(const struct account_change *new, struct account_change *change)
{
	struct lines aside = {.line = NULL};
	int status = lines_copy(&new->aside, &aside);
	size_t i;

	/* A line may have stood after one that is newly set aside. */
	for (i = 0; i < change->aside.count && status == 0; i++)
		if (!account_change_has(new, account_line_aside(change->aside.line[i])))
			status = lines_add(&aside, change->aside.line[i]);
	lines_clear(&change->aside);
	change->aside = aside;
	for (i = 0; i < new->added.count &&status == 0; i++)
		if (accountlines_find(&change->added, new->added.line[i]) == change->added.count)
			status = lines_add(&change->added, new->added.line[i]);
	accountlines_sort(&change->added);
	return status;
}

void account_change_clear(struct account_change *change)
{
	lines_clear(&change->added);
	lines_clear(&change->aside);
}
