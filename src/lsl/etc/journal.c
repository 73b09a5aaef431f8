/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "etc/journal.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "files/rootfile.h"
#include "safepath.h"

#define JOURNAL_NAME (&JOURNAL_PATH[sizeof("/etc")])
#define JOURNAL_BEGIN "lsl-journal=1"

/* Thousands of people need less. */
#define JOURNAL_SIZE_MAX (16L * 1024 * 1024)

/* A record, which names each copy, has room for fewer. */
#define ENTRIES_MAX 8192

struct journal_entry *journal_find(struct journal *journal, const char *target)
{
	size_t i;

	for (i = 0; i < journal->count; i++)
		if (strcmp(journal->entry[i].target, target) == 0)
			return &journal->entry[i];
	return NULL;
}

struct journal_entry *journal_add(struct journal *journal, const char *target)
{
	struct journal_entry *all, *entry = journal_find(journal, target);
	char *copy;

	if (entry)
		return entry;
	copy = strdup(target);
	all = reallocarray(journal->entry, journal->count + 1, sizeof(*all));
	if (all)
		journal->entry = all;
	if (!all || !copy) {
		free(copy);
		return NULL;
	}
	entry = &all[journal->count++];
	*entry = (struct journal_entry){.target = copy};
	return entry;
}

static void clear_entry(struct journal_entry *entry)
{
	free(entry->target);
	account_change_clear(&entry->change);
}

void journal_remove(struct journal *journal, struct journal_entry *entry)
{
	size_t at = (size_t)(entry - journal->entry);

	clear_entry(entry);
	journal->count--;
	memmove(entry, entry + 1, (journal->count - at) * sizeof(*entry));
}

void journal_clear(struct journal *journal)
{
	size_t i;

	for (i = 0; i < journal->count; i++)
		clear_entry(&journal->entry[i]);
	free(journal->entry);
	free(journal->text);
	*journal = (struct journal){.entry = NULL};
}

/* "HASH NAME" */
static int take_added_line(struct journal_entry *entry, const char *value)
{
	int len = (int)strcspn(value, " ");

	return len && value[len]
		       ? lines_print(&entry->change.added, "%s:%.*s", value + len + 1, len, value)
		       : -EINVAL;
}

static int take_entry_value(struct journal_entry *entry, const char *key, const char *value)
{
	if (strcmp(key, "had") == 0)
		entry->had = strcmp(value, "1") == 0;
	else if (strcmp(key, "packaged") == 0)
		entry->is_packaged = strcmp(value, "1") == 0;
	else if (strcmp(key, "own") == 0)
		entry->is_own = strcmp(value, "1") == 0;
	else if (strcmp(key, "source") == 0)
		entry->source = strtoull(value, NULL, 10);
	else if (strcmp(key, "mode") == 0)
		entry->mode = (mode_t)strtoul(value, NULL, 8) & 07777;
	else if (strcmp(key, "wrote") == 0 && !entry->written[0])
		entry->written[0] = strtoull(value, NULL, 10);
	else if (strcmp(key, "wrote") == 0)
		entry->written[1] = strtoull(value, NULL, 10);
	else if (strcmp(key, "added") == 0)
		return take_added_line(entry, value);
	else if (strcmp(key, "aside") == 0 && strchr(value, ':'))
		return lines_add(&entry->change.aside, value);
	else
		return -EINVAL;
	return 0;
}

/* The root filesystem may come from anywhere, and its journal with it. */
static bool is_file_path(const char *path)
{
	const char *name = strrchr(path, '/');

	return path[0] == '/' && name[1] && strlen(path) < PATH_MAX;
}

static int take_journal_line(struct journal *journal, char *line)
{
	char *value = strchr(line, '=');
	bool is_accounts;
	struct journal_entry *entry;

	if (!value)
		return -EINVAL;
	*value++ = '\0';
	is_accounts = strcmp(line, "accounts") == 0;
	if (is_accounts ? account_file_of(value) < 0
			: strcmp(line, "copy") == 0 && !is_file_path(value))
		return -EINVAL;
	if (is_accounts || strcmp(line, "copy") == 0) {
		if (journal->count == ENTRIES_MAX)
			return -EFBIG;
		entry = journal_add(journal, value);
		if (!entry)
			return -ENOMEM;
		entry->is_accounts = is_accounts;
		return 0;
	}
	return journal->count ? take_entry_value(&journal->entry[journal->count - 1], line, value)
			      : -EINVAL;
}

static int parse_journal(const struct rootfile *file, struct journal *journal)
{
	struct lines lines = {.line = NULL};
	size_t i;
	int status = lines_split(file->bytes, file->len, &lines);

	/* It is replaced as a whole, so an incomplete line is not lsl's. */
	if (status == 0 &&
	    (lines.count == 0 || lines.is_open || strcmp(lines.line[0], JOURNAL_BEGIN) != 0))
		status = -EINVAL;
	for (i = 1; i < lines.count && status == 0; i++)
		status = take_journal_line(journal, lines.line[i]);
	lines_clear(&lines);
	for (i = 0; i < journal->count; i++)
		accountlines_sort(&journal->entry[i].change.added);
	return status;
}

int journal_read(int etc, struct journal *journal)
{
	struct rootfile file;
	int status;

	*journal = (struct journal){.entry = NULL};
	status = rootfile_read(etc, JOURNAL_NAME, JOURNAL_SIZE_MAX, &file);
	if (status == -ENOENT)
		return 0;
	if (status < 0)
		return status;
	if (file.kind != ROOTFILE_REGULAR || !safepath_is_root_only(&file.st))
		status = -EPERM;
	else
		status = parse_journal(&file, journal);
	journal->text = file.bytes;
	if (status < 0)
		journal_clear(journal);
	return status;
}

static void print_entry(FILE *out, const struct journal_entry *entry)
{
	const struct account_change *change = &entry->change;
	const char *added;
	size_t i;

	fprintf(out, "%s=%s\nhad=%d\n", entry->is_accounts ? "accounts" : "copy", entry->target,
		entry->had);
	for (i = 0; i < JOURNAL_WRITTEN; i++)
		if (entry->written[i])
			fprintf(out, "wrote=%" PRIu64 "\n", entry->written[i]);
	if (entry->source)
		fprintf(out, "source=%" PRIu64 "\n", entry->source);
	if (entry->is_packaged)
		fputs("packaged=1\n", out);
	if (entry->is_own)
		fputs("own=1\n", out);
	if (entry->mode)
		fprintf(out, "mode=%o\n", (unsigned int)entry->mode);
	for (i = 0; i < change->added.count; i++) {
		added = change->added.line[i];
		fprintf(out, "added=%s %.*s\n", strchr(added, ':') + 1, (int)strcspn(added, ":"),
			added);
	}
	for (i = 0; i < change->aside.count; i++)
		fprintf(out, "aside=%s\n", change->aside.line[i]);
}

static int remove_journal(int etc, struct journal *journal)
{
	int status = journal->text ? rootfile_remove(etc, JOURNAL_NAME) : 0;

	if (status == 0) {
		free(journal->text);
		journal->text = NULL;
	}
	return status;
}

int journal_write(int etc, struct journal *journal)
{
	struct rootfile file = {.kind = ROOTFILE_REGULAR, .st = {.st_mode = 0600}};
	FILE *out;
	size_t i;
	int status = 0;

	if (journal->count == 0)
		return remove_journal(etc, journal);
	out = open_memstream(&file.bytes, &file.len);
	if (!out)
		return -errno;
	fputs(JOURNAL_BEGIN "\n", out);
	for (i = 0; i < journal->count; i++)
		print_entry(out, &journal->entry[i]);
	if (fclose(out) != 0)
		status = -errno;
	if (status == 0 && (!journal->text || strcmp(file.bytes, journal->text) != 0))
		status = rootfile_put(etc, JOURNAL_NAME, &file);
	if (status < 0) {
		rootfile_clear(&file);
		return status;
	}
	free(journal->text);
	journal->text = file.bytes;
	return 0;
}
