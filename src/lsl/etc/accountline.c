/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "etc/accountline.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *path;
	size_t fields;
} files[ACCOUNT_FILES] = {
	[ACCOUNT_PASSWD] = {"/etc/passwd", 7}, [ACCOUNT_GROUP] = {"/etc/group", 4},
	[ACCOUNT_SHADOW] = {"/etc/shadow", 9}, [ACCOUNT_GSHADOW] = {"/etc/gshadow", 4},
	[ACCOUNT_SUBUID] = {"/etc/subuid", 3}, [ACCOUNT_SUBGID] = {"/etc/subgid", 3},
};

const char *account_file_path(enum account_file file)
{
	return files[file].path;
}

int account_file_of(const char *path)
{
	int file;

	for (file = 0; file < ACCOUNT_FILES; file++)
		if (strcmp(files[file].path, path) == 0)
			return file;
	return -1;
}

bool accountline_split(enum account_file file, char *line, char *field[ACCOUNT_FIELDS_MAX])
{
	size_t count;
	const char *byte;

	for (byte = line; *byte; byte++)
		if (iscntrl((unsigned char)*byte))
			return false;
	if (strchr("+-#:", line[0]))
		return false;
	for (count = 0; count < files[file].fields && line; count++)
		field[count] = strsep(&line, ":");
	return count == files[file].fields && !line;
}

/* (id_t)-1 means "no change" to chown(2), and no account has it. */
bool accountline_id(const char *text, id_t *id)
{
	unsigned long long value;
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (*end || errno || value >= UINT32_MAX)
		return false;
	*id = (id_t)value;
	return true;
}

long long accountline_number(const char *line)
{
	const char *colon = strchr(line, ':');

	colon = colon ? strchr(colon + 1, ':') : NULL;
	return colon && isdigit((unsigned char)colon[1]) ? strtoll(colon + 1, NULL, 10) : -1;
}

int accountline_compare(const char *a, const char *b)
{
	size_t a_len = strcspn(a, ":"), b_len = strcspn(b, ":");
	int order = memcmp(a, b, a_len < b_len ? a_len : b_len);

	return order ? order : (a_len > b_len) - (a_len < b_len);
}

size_t accountlines_find(const struct lines *lines, const char *line)
{
	size_t at, len = strcspn(line, ":");

	for (at = 0; at < lines->count; at++)
		if (strncmp(lines->line[at], line, len) == 0 && lines->line[at][len] == ':')
			break;
	return at;
}

static int compare_elements(const void *a, const void *b)
{
	return accountline_compare(*(char *const *)a, *(char *const *)b);
}

size_t accountlines_search(const struct lines *lines, const char *line)
{
	char **found = NULL;

	if (lines->count && strchr(line, ':'))
		found = bsearch(&line, lines->line, lines->count, sizeof(*lines->line),
				compare_elements);
	return found ? (size_t)(found - lines->line) : lines->count;
}

void accountlines_sort(struct lines *lines)
{
	if (lines->count)
		qsort(lines->line, lines->count, sizeof(*lines->line), compare_elements);
}
