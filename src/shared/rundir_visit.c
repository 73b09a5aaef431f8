/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rundir_visit.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "container_name.h"
#include "dirstream.h"
#include "record.h"

static int compare_container_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

size_t rundir_record_name(const char *file)
{
	const char *suffix = strchr(file, ':');

	if (!suffix || strcmp(suffix, RECORD_SUFFIX) != 0 ||
	    !container_name_valid(file, (size_t)(suffix - file)))
		return 0;
	return (size_t)(suffix - file);
}

static bool name_from_file(const char *file, char name[CONTAINER_NAME_MAX + 1])
{
	size_t len = rundir_record_name(file);

	if (len == 0 && container_name_valid(file, strlen(file)))
		len = strlen(file);
	memcpy(name, file, len);
	name[len] = '\0';
	return len > 0;
}

static int collect_names(DIR *dir, char ***names, size_t *count)
{
	char name[CONTAINER_NAME_MAX + 1];
	const struct dirent *entry;
	char **more;

	for (;;) {
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			return -errno;
		if (!name_from_file(entry->d_name, name))
			continue;
		more = reallocarray(*names, *count + 1, sizeof(**names));
		if (!more)
			return -ENOMEM;
		*names = more;
		more[*count] = strdup(name);
		if (!more[*count])
			return -ENOMEM;
		(*count)++;
	}
}

int rundir_visit(int rundir, int (*visit)(const char *name, void *arg), void *arg)
{
	DIR *dir = dirstream_open(rundir, ".");
	char **names = NULL;
	size_t count = 0, i;
	int status;

	if (!dir)
		return -errno;
	status = collect_names(dir, &names, &count);
	closedir(dir);
	if (count)
		qsort(names, count, sizeof(*names), compare_container_names);
	for (i = 0; i < count && status == 0; i++)
		if (i == 0 || strcmp(names[i], names[i - 1]) != 0)
			status = visit(names[i], arg);
	for (i = 0; i < count; i++)
		free(names[i]);
	free(names);
	return status;
}
