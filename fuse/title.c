/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A process has a name, which prctl(2) sets, and arguments, which the kernel reads
 * from the process's own memory whenever somebody asks: the strings behind argv, one
 * after the other. To show others, they are overwritten where they are.
 */
#include "config.h"

#include "title.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

/* There is one process, so there is one of these. */
static struct {
	char *shown; /* what the kernel reads, and how much */
	size_t size;
	char **argv; /* the copy */
} title;

/* The length of the strings of ARGV that really follow each other in memory. */
static size_t length_of(char *const *argv)
{
	const char *end = argv[0];

	for (; *argv && *argv == end; argv++)
		end += strlen(end) + 1;
	return (size_t)(end - title.shown);
}

/* What err(3) puts before its messages is the place that others are shown otherwise. */
static void keep_name(char *path)
{
	char *slash = strrchr(path, '/');

	program_invocation_name = path;
	program_invocation_short_name = slash ? slash + 1 : path;
}

char **title_init(int argc, char *argv[])
{
	int i;

	title.argv = calloc((size_t)argc + 1, sizeof(*title.argv));
	if (!title.argv)
		return NULL;
	for (i = 0; i < argc; i++) {
		title.argv[i] = strdup(argv[i]);
		if (!title.argv[i])
			return NULL;
	}
	title.shown = argv[0];
	title.size = argc > 0 ? length_of(argv) : 0;
	if (argc > 0)
		keep_name(title.argv[0]);
	return title.argv;
}

void title_set(const char *name)
{
	size_t len, used = 0;
	char *const *arg;

	prctl(PR_SET_NAME, name, 0, 0, 0);
	if (title.size == 0)
		return;
	memset(title.shown, 0, title.size);
	for (arg = title.argv; *arg; arg++) {
		len = strlen(arg == title.argv ? name : *arg) + 1;
		if (len > title.size - used)
			return;
		memcpy(title.shown + used, arg == title.argv ? name : *arg, len);
		used += len;
	}
}
