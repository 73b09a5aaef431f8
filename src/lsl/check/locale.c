/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The locale of the host, which programs in containers inherit by LANG. If the
 * C library does not have it, programs print a warning and English messages.
 */
#include "config.h"

#include "check/check.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inroot.h"
#include "files/inroot_file.h"

static const char check_name[] = "locale";

/* Names are at the beginning of the archive. */
#define ARCHIVE_HEAD (1024L * 1024)

/* Reads LANG from the host's FILE; false if it has none. */
static bool read_lang(const char *file, char lang[64])
{
	FILE *stream = fopen(file, "re");
	char line[256];
	bool found = false;

	while (stream && !found && fgets(line, sizeof(line), stream))
		found = sscanf(line, " LANG=%*1[\"']%63[^\"'\n]", lang) == 1 ||
			sscanf(line, " LANG=%63[^\"'\n]", lang) == 1;
	if (stream)
		fclose(stream);
	return found;
}

/* "de_DE.UTF-8" is called de_DE.utf8 in file names. */
static void normalize_codeset(const char *lang, char name[64])
{
	char *to = name;
	bool is_codeset = false;

	for (; *lang; lang++) {
		is_codeset = (is_codeset || *lang == '.') && *lang != '@';
		if (!is_codeset || *lang == '.')
			*to++ = *lang;
		else if (isalnum((unsigned char)*lang))
			*to++ = (char)tolower((unsigned char)*lang);
	}
	*to = '\0';
}

static bool is_builtin(const char *lang)
{
	return !*lang || strcmp(lang, "C") == 0 || strcmp(lang, "POSIX") == 0 ||
	       strncmp(lang, "C.", 2) == 0;
}

static bool has_file(int root, const char *path)
{
	struct stat st;

	return inroot_stat(root, path, &st) == 0;
}

static bool has_directory(int root, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/usr/lib/locale/%s", name);
	return has_file(root, path);
}

/* Whether the archive of many locales has NAME; true also without memory. */
static bool is_archived(int root, const char *name)
{
	int fd = inroot_open_regular(root, "/usr/lib/locale/locale-archive");
	char *text = fd < 0 ? NULL : malloc(ARCHIVE_HEAD);
	ssize_t len = text ? read(fd, text, ARCHIVE_HEAD) : 0;
	bool found = fd >= 0 && !text;

	/* With the final NUL. */
	if (len > 0)
		found = memmem(text, (size_t)len, name, strlen(name) + 1) != NULL;
	free(text);
	if (fd >= 0)
		close(fd);
	return found;
}

/* Only glibc needs locales; musl knows every locale. */
static bool has_glibc(int root)
{
	return has_file(root, "/usr/bin/localedef") || has_file(root, "/usr/bin/locale");
}

static void advise(struct check *check, const struct container *container, int root,
		   const char *lang)
{
	char language[64];

	snprintf(language, sizeof(language), "glibc-langpack-%.*s", (int)strcspn(lang, "_.@"),
		 lang);
	if (has_file(root, "/usr/bin/apt-get"))
		diag_command(&check->diags, "sudo %s:apt-get install locales-all", container->name);
	else if (has_file(root, "/usr/bin/dnf"))
		diag_command(&check->diags, "sudo %s:dnf install %s", container->name, language);
	else if (has_file(root, "/usr/bin/locale-gen"))
		diag_line(&check->diags, "add %s to /etc/locale.gen in it, then run its locale-gen",
			  lang);
}

void check_locale(struct check *check, const struct container *container)
{
	struct diag_place place = check_place(check_name, container, container->line);
	char lang[64], name[64];
	int root = check->root;

	if ((!read_lang("/etc/default/locale", lang) && !read_lang("/etc/locale.conf", lang)) ||
	    is_builtin(lang) || root < 0)
		return;
	normalize_codeset(lang, name);
	if (has_glibc(root) && !has_directory(root, lang) && !has_directory(root, name) &&
	    !is_archived(root, name)) {
		diag_add(&check->diags, SEVERITY_WARNING, &place,
			 "it lacks the host's locale %s, so its programs warn and print English",
			 lang);
		advise(check, container, root, lang);
	}
}
