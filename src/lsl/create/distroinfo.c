/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "create/distroinfo.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "pathnames.h"

/* "2026-11-28" */
#define DAY_LEN 10

FILE *distroinfo_open(const char *distribution)
{
	char path[PATH_MAX];
	size_t len = strlen(distribution);

	if (strcspn(distribution, "/") != len || *distribution == '.' ||
	    snprintf(path, sizeof(path), "%s/%s.csv", PATH_DISTRO_INFO, distribution) >=
		    (int)sizeof(path))
		return NULL;
	return fopen(path, "re");
}

/* Returns field COLUMN of LINE, cut off; NULL if there is none. */
static char *cut_field(char *line, int column)
{
	char *field = NULL;

	line[strcspn(line, "\r\n")] = '\0';
	while (column-- >= 0)
		field = strsep(&line, ",");
	return field;
}

/* The index of the column TITLE in the table's first line; negative: none. */
static int find_column(const char *head, const char *title)
{
	size_t len = strlen(title), field;
	int column;

	for (column = 0;; column++) {
		field = strcspn(head, ",\r\n");
		if (field == len && strncmp(head, title, len) == 0)
			return column;
		if (head[field] != ',')
			return -1;
		head += field + 1;
	}
}

/*
 * Whether LINE's series was released after the day AFTER and by TODAY; if so,
 * sets AFTER to its day.
 */
static bool is_newer(const char *line, const int columns[2], const char *today,
		     char after[DAY_LEN + 1], char series[DISTROINFO_SERIES_MAX])
{
	char *copies[] = {strdup(line), strdup(line)};
	const char *name = copies[0] ? cut_field(copies[0], columns[0]) : NULL;
	const char *day = copies[1] ? cut_field(copies[1], columns[1]) : NULL;
	bool is = name && day && *name && strlen(name) < DISTROINFO_SERIES_MAX &&
		  strlen(day) == DAY_LEN && strcmp(day, today) <= 0 && strcmp(day, after) > 0;

	if (is) {
		strcpy(series, name);
		strcpy(after, day);
	}
	free(copies[0]);
	free(copies[1]);
	return is;
}

bool distroinfo_newest(FILE *file, const char *today,
		       bool (*is_offered)(const char *series, void *arg), void *arg,
		       char series[DISTROINFO_SERIES_MAX])
{
	char line[1024], name[DISTROINFO_SERIES_MAX], day[DAY_LEN + 1], newest[DAY_LEN + 1] = "";
	int columns[2];

	if (!fgets(line, sizeof(line), file))
		return false;
	columns[0] = find_column(line, "series");
	columns[1] = find_column(line, "release");
	if (columns[0] < 0 || columns[1] < 0)
		return false;
	while (fgets(line, sizeof(line), file)) {
		strcpy(day, newest);
		if (!is_newer(line, columns, today, day, name) || !is_offered(name, arg))
			continue;
		strcpy(newest, day);
		strcpy(series, name);
	}
	return *newest != '\0';
}
