/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sudo has a PATH of its own, secure_path, which can be replaced but not extended. Which one is in
 * force, sudoers(5) says: the last one of all the files that /etc/sudoers includes.
 */
#include "config.h"

#include "check/check.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pathnames.h"

static const char main_file[] = "/etc/sudoers";

/* sudoers(5) allows 128. */
#define INCLUDE_DEPTH 8

struct sudoers {
	char *value; /* NULL: none set, or switched off */
	char file[512];
	unsigned int line;
	int err; /* a file that cannot be read: a positive errno */
	char unread[512];
	bool has_directory; /* /etc/sudoers.d is included */
	int depth;
};

static void read_file(struct sudoers *sudoers, const char *path);

/* Cuts the value, quoted or not, at TEXT out. NULL without memory. */
static char *copy_value(const char *text)
{
	text += strspn(text, " \t");
	if (*text == '"')
		return strndup(text + 1, strcspn(text + 1, "\""));
	return strndup(text, strcspn(text, ", \t\n"));
}

/* A "Defaults" line, for whomever it is: all are taken as meant for all. */
static void take_defaults(struct sudoers *sudoers, const char *line, const char *path,
			  unsigned int number)
{
	static const char key[] = "secure_path";
	const char *at = strstr(line, key);
	const char *after;

	if (!at || isalnum((unsigned char)at[-1]) || at[-1] == '_')
		return;
	after = at + strlen(key);
	after += strspn(after, " \t");
	if (at[-1] != '!' && *after != '=')
		return;
	free(sudoers->value);
	sudoers->value = at[-1] == '!' ? NULL : copy_value(after + 1);
	sudoers->line = number;
	snprintf(sudoers->file, sizeof(sudoers->file), "%s", path);
}

/* Names with a '.' or a '~' at the end are not read, sudoers(5). */
static int is_read(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return !strchr(entry->d_name, '.') && entry->d_name[len - 1] != '~';
}

static void read_directory(struct sudoers *sudoers, const char *path)
{
	struct dirent **entries;
	int i, count = scandir(path, &entries, is_read, alphasort);
	char file[512];

	if (strcmp(path, "/etc/sudoers.d") == 0)
		sudoers->has_directory = true;
	if (count < 0 && errno != ENOENT) {
		sudoers->err = errno;
		snprintf(sudoers->unread, sizeof(sudoers->unread), "%s", path);
	}
	for (i = 0; i < count; i++) {
		if ((size_t)snprintf(file, sizeof(file), "%s/%s", path, entries[i]->d_name) <
		    sizeof(file))
			read_file(sudoers, file);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

/* What comes after WORD, a directive with or without its blanks, or NULL. */
static const char *argument_of(const char *line, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(line, word, len) != 0 || !isblank((unsigned char)line[len]))
		return NULL;
	return line + len + strspn(line + len, " \t");
}

static void take_line(struct sudoers *sudoers, char *line, const char *path, unsigned int number)
{
	const char *argument;

	line += strspn(line, " \t");
	line[strcspn(line, "\n")] = '\0';
	if (strncmp(line, "Defaults", strlen("Defaults")) == 0)
		take_defaults(sudoers, line, path, number);
	else if ((argument = argument_of(line, "@includedir")) ||
		 (argument = argument_of(line, "#includedir")))
		read_directory(sudoers, argument);
	else if ((argument = argument_of(line, "@include")) ||
		 (argument = argument_of(line, "#include")))
		read_file(sudoers, argument);
}

/* Appends the next line to *TEXT, and those that continue it; false at the end. */
static bool read_line(FILE *file, char **text, size_t *size, unsigned int *number)
{
	char *more = NULL, *longer;
	size_t more_size = 0, len;
	ssize_t n = getline(text, size, file);

	if (n < 0)
		return false;
	++*number;
	len = (size_t)n;
	while (len >= 2 && (*text)[len - 1] == '\n' && (*text)[len - 2] == '\\') {
		n = getline(&more, &more_size, file);
		if (n < 0)
			break;
		++*number;
		longer = realloc(*text, len + (size_t)n + 1);
		if (!longer)
			break;
		*text = longer;
		*size = len + (size_t)n + 1;
		len -= 2;
		memcpy(*text + len, more, (size_t)n + 1);
		len += (size_t)n;
	}
	free(more);
	return true;
}

static void read_file(struct sudoers *sudoers, const char *path)
{
	FILE *file = sudoers->depth < INCLUDE_DEPTH ? fopen(path, "re") : NULL;
	unsigned int number = 0, first;
	char *text = NULL;
	size_t size = 0;

	if (!file) {
		sudoers->err = sudoers->depth < INCLUDE_DEPTH ? errno : ELOOP;
		snprintf(sudoers->unread, sizeof(sudoers->unread), "%s", path);
		return;
	}
	sudoers->depth++;
	for (first = 1; read_line(file, &text, &size, &number); first = number + 1)
		take_line(sudoers, text, path, first);
	sudoers->depth--;
	free(text);
	fclose(file);
}

/* Whether LINKSDIR is an element of PATH. */
static bool has_linksdir(const char *path)
{
	size_t len;

	for (; path; path = path[len] ? path + len + 1 : NULL) {
		len = strcspn(path, ":");
		if (len == strlen(PATH_LINKSDIR) && strncmp(path, PATH_LINKSDIR, len) == 0)
			return true;
	}
	return false;
}

/* The exact line, and how it gets there. */
static void say_missing(struct check *check, const struct place *place,
			const struct sudoers *sudoers)
{
	finding_add(&check->findings, SEVERITY_WARNING, place,
		    "sudo does not find commands: its secure_path is without %s. With visudo%s",
		    PATH_LINKSDIR,
		    sudoers->has_directory ? " -f /etc/sudoers.d/lsl, write this line"
					   : ", write this line instead of it");
	finding_line(&check->findings, "Defaults secure_path=\"%s%s%s\"", sudoers->value,
		     *sudoers->value ? ":" : "", PATH_LINKSDIR);
}

void check_sudo(struct check *check)
{
	struct sudoers sudoers = {.value = NULL};
	struct place place = {.check = "sudo", .file = main_file};

	if (access(main_file, F_OK) < 0 && errno == ENOENT)
		return;
	read_file(&sudoers, main_file);
	if (sudoers.err) {
		place.file = sudoers.unread;
		finding_add(&check->findings, check_severity(check, sudoers.err, SEVERITY_WARNING),
			    &place, "whether sudo finds commands: %s%s", strerror(sudoers.err),
			    sudoers.err == EACCES ? " (sudo lsl check)" : "");
	} else if (!*sudoers.file) {
		finding_add(
			&check->findings, SEVERITY_UNKNOWN, &place,
			"no secure_path: whether sudo finds commands depends on how it was built (sudo -V as root says)");
	} else {
		place.file = sudoers.file;
		place.line = sudoers.line;
		if (!sudoers.value)
			finding_add(&check->findings, SEVERITY_OK, &place,
				    "sudo searches the caller's PATH");
		else if (has_linksdir(sudoers.value))
			finding_add(&check->findings, SEVERITY_OK, &place,
				    "sudo finds commands: %s is in its secure_path", PATH_LINKSDIR);
		else
			say_missing(check, &place, &sudoers);
	}
	free(sudoers.value);
}
