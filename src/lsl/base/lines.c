/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/lines.h"

#include <errno.h>
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

	*lines = (struct lines){.line = NULL};
	if (memchr(text, '\0', len))
		return -EINVAL;
	while (text < end && status == 0) {
		if (lines->count == LINES_MAX) {
			status = -EFBIG;
			break;
		}
		newline = memchr(text, '\n', (size_t)(end - text));
		lines->is_open = !newline;
		if (!newline)
			newline = end;
		status = insert_owned(lines, lines->count, strndup(text, (size_t)(newline - text)));
		text = newline + 1;
	}
	if (status < 0)
		lines_clear(lines);
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

int lines_replace(struct lines *lines, size_t at, const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		return -ENOMEM;
	free(lines->line[at]);
	lines->line[at] = copy;
	return 0;
}

void lines_remove(struct lines *lines, size_t at)
{
	char **line = lines->line;

	free(line[at]);
	lines->count--;
	memmove(line + at, line + at + 1, (lines->count - at) * sizeof(*line));
	if (lines->count == 0) {
		free(line);
		*lines = (struct lines){.line = NULL};
	}
}

bool lines_has(const struct lines *lines, const char *text)
{
	size_t i;

	for (i = 0; i < lines->count; i++)
		if (strcmp(lines->line[i], text) == 0)
			return true;
	return false;
}

void lines_clear(struct lines *lines)
{
	while (lines->count)
		lines_remove(lines, lines->count - 1);
}
