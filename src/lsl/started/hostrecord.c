/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "started/hostrecord.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "etc/hostfile.h"
#include "mount/nspin.h"
#include "files/pathtext.h"
#include "pathnames.h"
#include "rundir_visit.h"
#include "started/instance.h"
#include "started/record_write.h"

#define PATH_LOGIN_DEFS "/etc/login.defs"

/* No login.defs is larger. */
#define SIZE_MAX_OF_FILE (256L * 1024)

/* The defaults of shadow's tools. */
#define USER_PATH "/bin:/usr/bin"
#define ROOT_PATH "/sbin:/bin:/usr/sbin:/usr/bin"

/*
 * Returns the value of KEY, a list of directories, in TEXT of login.defs(5).
 * The caller frees it.
 */
static char *path_of_login(const char *text, const char *key, const char *otherwise)
{
	static const char prefix[] = "PATH=";
	const char *line = text, *value = otherwise, *at;
	size_t len;

	for (; line; line = strchr(line, '\n'), line = line ? line + 1 : NULL) {
		at = line + strspn(line, " \t");
		len = strlen(key);
		if (strncmp(at, key, len) != 0 || !strspn(at + len, " \t"))
			continue;
		value = at + len + strspn(at + len, " \t");
		if (strncmp(value, prefix, strlen(prefix)) == 0)
			value += strlen(prefix);
	}
	return strndup(value, strcspn(value, " \t\r\n"));
}

/*
 * Prints the directories of PATH, except those in BUT and the command
 * directory. SEPARATOR comes before the first.
 */
static void print_bins(FILE *file, const char *path, const char *but, const char *separator)
{
	char dir[PATH_MAX];
	size_t len;

	for (; *path; path += len + (path[len] != '\0')) {
		len = strcspn(path, ":");
		if (len >= sizeof(dir))
			continue;
		snprintf(dir, sizeof(dir), "%.*s", (int)len, path);
		if (dir[0] != '/' || strchr(dir, ';') || path_list_has(but, dir) ||
		    path_is_at_or_below(dir, PATH_LINKSDIR))
			continue;
		fprintf(file, "%s%s", separator, dir);
		separator = ";";
	}
}

struct paths {
	char *user, *root;
};

static void print(FILE *file, const void *arg)
{
	const struct paths *paths = arg;

	/* A record needs at least one directory. */
	fputs("bins=/usr/bin", file);
	print_bins(file, paths->root, "/usr/bin", ";");
	print_bins(file, paths->user, paths->root, ";");
	fputs("\nuserBins=", file);
	print_bins(file, paths->user, "", "");
	fputs("\nrootBins=", file);
	print_bins(file, paths->root, "", "");
	fprintf(file, "\nenvPath=%s\nrootPath=%s\npath=/\nmnt=\n", paths->user, paths->root);
}

static bool is_same(const struct record *record, const struct paths *paths,
		    const struct nsfile_id *ns)
{
	return record->ns.dev == ns->dev && record->ns.ino == ns->ino && record->ns.id == ns->id &&
	       record->env_path && strcmp(record->env_path, paths->user) == 0 &&
	       record->root_path && strcmp(record->root_path, paths->root) == 0;
}

/* For rundir_visit: 1 if NAME is started, as this mount namespace shows it. */
static int is_started(const char *name, void *arg)
{
	static struct instance instance;

	instance_look(*(int *)arg, name, &instance);
	instance_release(&instance);
	return instance.kind == INSTANCE_STARTED;
}

/*
 * A later process may be in another mount namespace, but commands keep using
 * the first one while a container is started. Without one, the first one may be
 * gone, as after a reboot.
 */
static int choose_namespace(int rundir, const struct nsfile_id *first, struct nsfile_id *ns)
{
	int status;

	if (first->ino && rundir_visit(rundir, is_started, &rundir) == 1) {
		*ns = *first;
		return 0;
	}
	status = nspin_identify_own(ns);
	record_fit_namespace(rundir, ns);
	return status;
}

/*
 * It writes only a change, because each write wakes all processes that watch
 * MNTDIR.
 */
static int write_if_changed(int rundir, const struct paths *paths)
{
	static char text[RECORD_SIZE_MAX + 1];
	struct record record;
	struct nsfile_id ns;
	int status, read = record_read(rundir, HOST_NAME, text, sizeof(text), &record);

	if (read < 0)
		record.ns.ino = 0;
	status = choose_namespace(rundir, &record.ns, &ns);
	if (status < 0 || (read == 0 && is_same(&record, paths, &ns)))
		return status;
	return record_put(rundir, HOST_NAME, &ns, print, paths);
}

int hostrecord_write(int rundir)
{
	struct paths paths;
	char *text;
	int status = -ENOMEM;

	if (hostfile_read_text(PATH_LOGIN_DEFS, SIZE_MAX_OF_FILE, &text) < 0)
		text = NULL;
	paths.user = path_of_login(text, "ENV_PATH", USER_PATH);
	paths.root = path_of_login(text, "ENV_SUPATH", ROOT_PATH);
	if (paths.user && paths.root)
		status = write_if_changed(rundir, &paths);
	free(paths.user);
	free(paths.root);
	free(text);
	return status;
}
