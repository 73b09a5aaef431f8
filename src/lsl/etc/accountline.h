/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines of account files. The name of a line is the text before its first
 * colon.
 */
#ifndef LSL_ACCOUNTLINE_H
#define LSL_ACCOUNTLINE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/lines.h"

/* The files in which C libraries and shadow(3) keep accounts. */
enum account_file {
	ACCOUNT_PASSWD,
	ACCOUNT_GROUP,
	ACCOUNT_SHADOW,
	ACCOUNT_GSHADOW,
	ACCOUNT_SUBUID,
	ACCOUNT_SUBGID,
	ACCOUNT_FILES, /* how many */
};

/* As many fields as the widest of the files has: shadow(5). */
#define ACCOUNT_FIELDS_MAX 9

/* "/etc/passwd" and so on. */
const char *account_file_path(enum account_file file);

/* The file with that path, or -1. */
int account_file_of(const char *path);

/*
 * Splits LINE, in place, into the fields of FILE. False: it is malformed, has
 * no name, or has control characters.
 */
bool accountline_split(enum account_file file, char *line, char *field[ACCOUNT_FIELDS_MAX]);

/* Reads the whole TEXT as a uid or gid, in decimal. */
bool accountline_id(const char *text, id_t *id);

/* The number in the third field of LINE; -1 without one. */
long long accountline_number(const char *line);

/* Compares the names of two lines, in the bytes' order. */
int accountline_compare(const char *a, const char *b);

/* The first line with the name of LINE, or the number of lines. */
size_t accountlines_find(const struct lines *lines, const char *line);

/* The same in LINES that accountlines_sort has sorted; fast. */
size_t accountlines_search(const struct lines *lines, const char *line);

/* Sorts LINES by their names. */
void accountlines_sort(struct lines *lines);

#endif
