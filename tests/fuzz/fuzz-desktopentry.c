/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For libFuzzer: for any desktop entry, the written one executes only the
 * container's commands.
 */
#include "config.h"
#include "menus/desktopentry.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pathnames.h"

#define COMMAND PATH_LINKSDIR "/c:prog"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int find_program(const char *word, char name[NAME_MAX + 1], void *arg)
{
	(void)arg;
	if (strcmp(word, "prog") != 0)
		return -ENOENT;
	strcpy(name, "prog");
	return 0;
}

static int find_icon(const char *path, char name[NAME_MAX + 1], void *arg)
{
	(void)path;
	(void)arg;
	strcpy(name, "icon");
	return 0;
}

static int find_named_icon(const char *name, void *arg)
{
	(void)arg;
	if (strchr(name, '/'))
		abort();
	return 0;
}

static void check_lines(const char *text)
{
	static const char *const keys[] = {"Exec=", "TryExec="};
	const char *line;
	size_t i, len;

	for (line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		for (i = 0; i < 2; i++) {
			len = strlen(keys[i]);
			if (strncmp(line, keys[i], len) == 0 &&
			    (strncmp(line + len, COMMAND, strlen(COMMAND)) != 0 ||
			     !strchr(" \n", line[len + strlen(COMMAND)])))
				abort();
		}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct desktopentry_source source = {
		.container = "c",
		.program = find_program,
		.icon = find_icon,
		.named_icon = find_named_icon,
	};
	char *copy = malloc(size + 1), *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);

	if (!copy || !file)
		abort();
	memcpy(copy, data, size);
	copy[size] = '\0';
	if (desktopentry_rewrite(copy, size, &source, size % 2 ? "a.desktop" : NULL, file) == 0) {
		fflush(file);
		check_lines(text);
	}
	fclose(file);
	free(text);
	free(copy);
	return 0;
}
