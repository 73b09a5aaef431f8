/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lines of a text in memory, which can be changed one by one. Splitting and
 * joining a text gives the same bytes, also if the last line has no newline.
 */
#ifndef LSL_LINES_H
#define LSL_LINES_H

#include <stdbool.h>
#include <stddef.h>

/* A line takes many times its bytes in memory, an empty one most. */
#define LINES_MAX ((size_t)1 << 20)

struct lines {
	char **line; /* each without its newline, owned by the structure */
	size_t count;
	bool is_open; /* the last line has no newline */
};

/*
 * Splits the LEN bytes of TEXT into *LINES, which lines_clear frees. -EINVAL
 * for a text with a NUL byte; -EFBIG for one of more than LINES_MAX lines;
 * -ENOMEM.
 */
int lines_split(const char *text, size_t len, struct lines *lines);

/*
 * Returns the text of LINES, NUL-terminated, which the caller frees; NULL
 * without memory.
 */
char *lines_join(const struct lines *lines);

/*
 * Inserts a copy of TEXT before line AT, or after the last one. 0 or -ENOMEM.
 */
int lines_insert(struct lines *lines, size_t at, const char *text);

/* The same, after the last line. 0 or -ENOMEM. */
int lines_add(struct lines *lines, const char *text);

/* Replaces line AT by a copy of TEXT. 0 or -ENOMEM. */
int lines_replace(struct lines *lines, size_t at, const char *text);

void lines_remove(struct lines *lines, size_t at);

/* Whether one of the lines is TEXT. */
bool lines_has(const struct lines *lines, const char *text);

void lines_clear(struct lines *lines);

#endif
