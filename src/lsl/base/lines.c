/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/lines.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Takes over TEXT, which may be NULL: out of memory. */
static int insert_owned(struct lines *lines, size_t at, char *text)
{
	char **line = lines->line;

	if (!text)
		return -ENOMEM;
	/* There is room up to the next power of two. */
	if ((lines->count & (lines->count - 1)) == 0) {
		line = reallocarray(line, lines->count ? 2 * lines->count : 1, sizeof(*line));
		if (!line) {
			free(text);
			return -ENOMEM;
		}
		lines->line = line;
	}
	memmove(line + at + 1, line + at, (lines->count - at) * sizeof(*line));
	line[at] = text;
	lines->count++;
	return 0;
}

int lines_split(const char *text, size_t len, struct lines *lines)
{
	const char *end = text + len, *newline;
	int status = 0;

	if (memchr(text, '\0', len))
		return -EINVAL;
	while (text < end && status == 0) {
		if (lines->count == LINES_MAX)
			return -EFBIG;
		newline = memchr(text, '\n', (size_t)(end - text));
		lines->is_open = !newline;
		if (!newline)
			newline = end;
		status = insert_owned(lines, lines->count, strndup(text, (size_t)(newline - text)));
		text = newline + 1;
	}
	return status;
}

char *lines_join(const struct lines *lines)
{
	size_t i, len, size = 1;
	char *text, *to;

	for (i = 0; i < lines->count; i++)
		size += strlen(lines->line[i]) + 1;
	to = text = malloc(size);
	if (!text)
		return NULL;
	for (i = 0; i < lines->count; i++) {
		len = strlen(lines->line[i]);
		memcpy(to, lines->line[i], len);
		to += len;
		if (i + 1 < lines->count || !lines->is_open)
			*to++ = '\n';
	}
	*to = '\0';
	return text;
}

int lines_insert(struct lines *lines, size_t at, const char *text)
{
	return insert_owned(lines, at, strdup(text));
}

int lines_add(struct lines *lines, const char *text)
{
	return lines_insert(lines, lines->count, text);
}

int lines_print(struct lines *lines, const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	return insert_owned(lines, lines->count, len < 0 ? NULL : text);
}

int lines_copy(const struct lines *from, struct lines *to)
{
	int status = 0;
	size_t i;

	for (i = 0; i < from->count && status == 0; i++)
		status = lines_add(to, from->line[i]);
	to->is_open = from->is_open;
	return status;
}

void lines_clear(struct lines *lines)
{
	size_t i;

	for (i = 0; i < lines->count; i++)
		free(lines->line[i]);
	free(lines->line);
	*lines = (struct lines){.line = NULL};
}
