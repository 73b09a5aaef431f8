/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lines of a text in memory. Splitting and joining a text gives the same
 * bytes, also if the last line has no newline.
 */
#ifndef LSL_LINES_H
#define LSL_LINES_H

#include <stdbool.h>
#include <stddef.h>

/* A line takes many times its bytes in memory, an empty one most. */
#define LINES_MAX ((size_t)1 << 20)

/* Empty when zero. */
struct lines {
	char **line; /* each without its newline, owned by the structure */
	size_t count;
	bool is_open; /* the last line has no newline */
};

/*
 * Adds the lines of the LEN bytes of TEXT to LINES. -EINVAL for a text with a
 * NUL byte; -EFBIG for more than LINES_MAX lines; -ENOMEM. After a failure,
 * some lines may have been added.
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

/* The same with a format. */
int lines_print(struct lines *lines, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds the lines of FROM to TO, with its end. 0 or -ENOMEM. */
int lines_copy(const struct lines *from, struct lines *to);

void lines_clear(struct lines *lines);

#endif
