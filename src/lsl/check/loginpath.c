/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether shells find the command directory. Only a login shell knows its PATH,
 * and running one would execute files of its user. So two others are read
 * instead: the caller's PATH, and the files from which all login shells of the
 * system get theirs.
 */
#include "config.h"

#include "check/check.h"

#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pathnames.h"

static const char check_name[] = "login-path";

#define ADD_LINE "PATH=$PATH:" PATH_LINKSDIR

static const char *const login_files[] = {
	"/etc/environment",           "/etc/profile",
	"/etc/profile.d/*",           "/etc/environment.d/*",
	"/usr/lib/environment.d/*",   "/etc/login.defs",
	"/etc/bash.bashrc",           "/etc/zsh/zshenv",
	"/etc/zsh/zprofile",          "/etc/zshenv",
	"/etc/fish/config.fish",      "/etc/fish/conf.d/*",
	"/etc/security/pam_env.conf",
};

enum position {
	POSITION_NONE,
	POSITION_INSIDE, /* other directories come after it */
	POSITION_LAST,
};

static bool is_in_name(char c)
{
	return c && (isalnum((unsigned char)c) || strchr("/._-", c));
}

/*
 * The position of DIRECTORY in LINE: the value of PATH, or a line of a file in
 * any language.
 */
static enum position position_in(const char *line, const char *directory)
{
	const char *at, *after;

	if (line[strspn(line, " \t")] == '#')
		return POSITION_NONE;
	for (at = line; (at = strstr(at, directory)); at = after) {
		after = at + strlen(directory);
		if ((at > line && is_in_name(at[-1])) || is_in_name(*after))
			continue;
		return *after == ':' ? POSITION_INSIDE : POSITION_LAST;
	}
	return POSITION_NONE;
}

struct path_found {
	const char *directory; /* to look for */
	enum position position;
	char file[512];
	unsigned int line;
};

static void search_file(const char *path, struct path_found *found)
{
	FILE *file = fopen(path, "re");
	unsigned int number = 0;
	enum position position;
	char *line = NULL;
	size_t size = 0;

	while (file && getline(&line, &size, file) >= 0) {
		number++;
		line[strcspn(line, "\n")] = '\0';
		position = position_in(line, found->directory);
		if (position <= found->position)
			continue;
		found->position = position;
		found->line = number;
		snprintf(found->file, sizeof(found->file), "%s", path);
	}
	free(line);
	if (file)
		fclose(file);
}

static void search_files(struct path_found *found)
{
	glob_t files = {.gl_pathc = 0};
	struct stat st;
	size_t i;

	for (i = 0; i < sizeof(login_files) / sizeof(login_files[0]); i++)
		(void)glob(login_files[i], i ? GLOB_APPEND : 0, NULL, &files);
	for (i = 0; i < files.gl_pathc; i++)
		if (stat(files.gl_pathv[i], &st) == 0 && S_ISREG(st.st_mode))
			search_file(files.gl_pathv[i], found);
	globfree(&files);
}

bool check_login_files_have(const char *directory)
{
	struct path_found found = {.directory = directory};

	search_files(&found);
	return found.position != POSITION_NONE;
}

static void check_files(struct check *check)
{
	struct path_found found = {.directory = PATH_LINKSDIR};
	struct diag_place place = {.check = check_name};

	search_files(&found);
	if (found.position != POSITION_NONE) {
		place.file = found.file;
		place.line = found.line;
	}
	if (found.position == POSITION_LAST) {
		diag_add(&check->diags, SEVERITY_OK, &place, "login shells have %s in PATH",
			 PATH_LINKSDIR);
	} else if (found.position == POSITION_INSIDE) {
		diag_add(
			&check->diags, SEVERITY_WARNING, &place,
			"%s is not last in PATH: write it at the end, or every search for a host's command goes through it",
			PATH_LINKSDIR);
	} else {
		diag_add(&check->diags, SEVERITY_WARNING, &place,
			 "no file that login shells read puts %s into PATH", PATH_LINKSDIR);
		diag_line(&check->diags, "write " ADD_LINE " into /etc/profile.d/subsysbin.sh");
	}
}

/* Under sudo it is sudo's PATH, which has its own check. */
static void check_own_path(struct check *check)
{
	const char *path = getenv("PATH");
	struct diag_place place = {.check = check_name};
	enum position position;

	if (!path || getenv("SUDO_UID"))
		return;
	position = position_in(path, PATH_LINKSDIR);
	if (position == POSITION_LAST) {
		diag_add(&check->diags, SEVERITY_OK, &place, "%s is last in your PATH",
			 PATH_LINKSDIR);
	} else if (position == POSITION_INSIDE) {
		diag_add(
			&check->diags, SEVERITY_WARNING, &place,
			"%s is not last in your PATH: move it to the end, or every search for a host's command goes through it",
			PATH_LINKSDIR);
	} else {
		diag_add(&check->diags, SEVERITY_WARNING, &place, "%s is not in your PATH",
			 PATH_LINKSDIR);
		diag_line(&check->diags, ADD_LINE);
	}
}

void check_login_path(struct check *check)
{
	check_files(check);
	check_own_path(check);
}
