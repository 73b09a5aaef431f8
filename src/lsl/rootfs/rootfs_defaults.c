/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rootfs/rootfs_defaults.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rootfs/bins.h"
#include "dirstream.h"
#include "elfarch.h"
#include "inroot.h"
#include "files/inroot_file.h"
#include "foreign/interpreter.h"
#include "pathnames.h"
#include "foreign/rootfs_arch.h"
#include "search.h"

/* No PATH is longer. */
#define DIRS_MAX 32

/* In how many places a root filesystem's own PATHs are looked for. */
#define LOOKS_MAX 256

/* How many names of a directory that is no root filesystem are shown. */
#define SHOWN_MAX 5

/* The directories found so far. */
struct dirs {
	int root;
	char *names[DIRS_MAX];
	struct stat stats[DIRS_MAX];
	size_t count;
	size_t looks; /* without a result, too */
};

/* Whether the configuration, and a PATH, can have the LEN bytes at NAME. */
static bool is_plain(const char *name, size_t len)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789/_-+.";
	size_t i;

	for (i = 0; i < len; i++)
		if (!strchr(allowed, name[i]) ||
		    (name[i] == '.' && (name[i - 1] == '/' || name[i - 1] == '.')))
			return false;
	return len < PATH_MAX;
}

/*
 * Adds the LEN bytes at NAME, if that is a directory and not yet in the list.
 */
static int add_dir(struct dirs *dirs, const char *name, size_t len)
{
	char *copy;
	size_t i;

	while (len > 1 && name[len - 1] == '/')
		len--;
	if (len < 2 || name[0] != '/' || !is_plain(name, len) || dirs->count == DIRS_MAX)
		return 0;
	for (i = 0; i < dirs->count; i++)
		if (strncmp(dirs->names[i], name, len) == 0 && !dirs->names[i][len])
			return 0;
	if (dirs->looks++ >= LOOKS_MAX)
		return 0;
	copy = strndup(name, len);
	if (!copy)
		return -ENOMEM;
	if (inroot_stat(dirs->root, copy, &dirs->stats[dirs->count]) < 0 ||
	    !S_ISDIR(dirs->stats[dirs->count].st_mode)) {
		free(copy);
		return 0;
	}
	dirs->names[dirs->count++] = copy;
	return 0;
}

/*
 * Adds the directories of a PATH, which ends at the end of a shell's word.
 * Names with a '$' are left out.
 */
static int add_path(struct dirs *dirs, const char *path)
{
	size_t len;
	int status = 0;

	path += strspn(path, "\"'");
	while (status == 0 && *path && !strchr("\"' \t\r\n;", *path)) {
		len = strcspn(path, ":\"' \t\r\n;");
		status = add_dir(dirs, path, len);
		path += len;
		path += *path == ':';
	}
	return status;
}

/* The text after KEY in LINE, if LINE begins with KEY; otherwise NULL. */
static const char *shell_value(const char *line, const char *key)
{
	line += strspn(line, " \t");
	if (strncmp(line, "export ", strlen("export ")) == 0)
		line += strlen("export ") + strspn(line + strlen("export "), " \t");
	if (strncmp(line, key, strlen(key)) != 0)
		return NULL;
	line += strlen(key);
	return line + strspn(line, " \t");
}

/* Adds the PATHs of the lines of FILE that begin with KEY. */
static int add_of_file(struct dirs *dirs, const char *file, const char *key)
{
	FILE *stream = inroot_open_text(dirs->root, file);
	const char *value;
	char *line = NULL;
	size_t size = 0;
	int status = 0;

	if (!stream)
		return 0;
	while (status == 0 && dirs->looks < LOOKS_MAX && getline(&line, &size, stream) >= 0) {
		value = shell_value(line, key);
		if (value && strncmp(value, "PATH=", 5) == 0)
			value += 5;
		if (value)
			status = add_path(dirs, value);
	}
	free(line);
	fclose(stream);
	return status;
}

/*
 * First root's PATH, as login(1), pam_env(8) and the shells' profile set it;
 * then the usual directories.
 */
static int find_dirs(struct dirs *dirs)
{
	static const struct {
		const char *file;
		const char *key;
	} places[] = {
		{"/etc/login.defs", "ENV_SUPATH"},
		{"/etc/login.defs", "ENV_PATH"},
		{"/etc/environment", "PATH="},
		{"/etc/profile", "PATH="},
	};
	size_t i;
	int status = 0;

	for (i = 0; i < sizeof(places) / sizeof(places[0]) && status == 0; i++)
		status = add_of_file(dirs, places[i].file, places[i].key);
	if (status < 0)
		return status;
	dirs->looks = 0;
	return add_path(dirs, "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
}

/*
 * Whether directory I is an earlier one under another name, as /bin often is.
 */
static bool is_alias(const struct dirs *dirs, size_t number)
{
	size_t i;

	for (i = 0; i < number; i++)
		if (dirs->stats[i].st_dev == dirs->stats[number].st_dev &&
		    dirs->stats[i].st_ino == dirs->stats[number].st_ino)
			return true;
	return false;
}

static int take_dirs(struct container *container, const struct dirs *dirs)
{
	size_t i, len = sizeof(PATH_LINKSDIR);
	char *to;

	for (i = 0; i < dirs->count; i++)
		len += strlen(dirs->names[i]) + 1;
	container->bins = calloc(dirs->count + 1, sizeof(*container->bins));
	container->env_path = to = malloc(len);
	if (!container->bins || !container->env_path)
		return -ENOMEM;
	for (i = 0; i < dirs->count; i++) {
		to = stpcpy(stpcpy(to, dirs->names[i]), ":");
		if (is_alias(dirs, i))
			continue;
		container->bins[container->bin_count] = strdup(dirs->names[i]);
		if (!container->bins[container->bin_count++])
			return -ENOMEM;
	}
	/*
	 * So programs find the commands of other containers, after all their
	 * own.
	 */
	strcpy(to, PATH_LINKSDIR);
	return 0;
}

/* Puts a list of the names in the directory ROOT into TEXT. */
static void list_root(int root, char *text, size_t size)
{
	DIR *stream = dirstream_open(root, ".");
	const struct dirent *entry;
	size_t len = 0, count = 0;

	text[0] = '\0';
	while (stream && (entry = readdir(stream))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (count++ < SHOWN_MAX)
			len += (size_t)snprintf(text + len, len < size ? size - len : 0, "%s%.40s",
						len ? ", " : "", entry->d_name);
	}
	if (count > SHOWN_MAX)
		snprintf(text + len, len < size ? size - len : 0, " and %zu more",
			 count - SHOWN_MAX);
	if (count == 0)
		snprintf(text, size, "nothing");
	if (stream)
		closedir(stream);
}

static int refuse_rootfs(int root, struct failure *failure)
{
	char text[SHOWN_MAX * 44 + 32];

	list_root(root, text, sizeof(text));
	return failure_say(
		failure, ENOEXEC,
		"it does not look like a root filesystem, with programs in /usr/bin or /bin: it has %s",
		text);
}

/*
 * A root filesystem of another architecture needs an interpreter. Some programs
 * of another architecture among those of this machine, such as a debugger's or
 * a firmware's, do not: one program is enough to tell.
 */
static int find_interpreter(struct container *container, struct failure *failure)
{
	char path[INTERPRETER_PATH_MAX], name[ELFARCH_NAME_MAX];
	struct elfarch arch;
	struct failure why;
	struct stat st;

	/*
	 * Without any program its architecture is unknown, which is no failure.
	 */
	if (rootfs_arch_sample(container, &arch) != ROOTFS_FOREIGN)
		return 0;
	elfarch_name(&arch, name);
	if (!interpreter_usual_path(&arch, path))
		return failure_say(failure, ENOEXEC,
				   "its programs are for %s, for which there is no emulator", name);
	if (stat(path, &st) < 0)
		return failure_say(
			failure, ENOEXEC,
			"its programs are for %s, and there is no static emulator for them: install the package qemu-user-static, in newer releases of Debian qemu-user",
			name);
	if (interpreter_check(path, &why) < 0)
		return failure_say(failure, ENOEXEC, "its programs are for %s: %s", name, why.text);
	container->interpreter = strdup(path);
	return container->interpreter ? 0 : failure_set(failure, ENOMEM, "cannot continue");
}

int rootfs_defaults_find(struct container *container, struct failure *failure)
{
	struct dirs dirs = {.root = open(container->path, O_PATH | O_DIRECTORY | O_CLOEXEC)};
	int status;
	size_t i;

	if (dirs.root < 0)
		return failure_set(failure, errno, "%s", container->path);
	status = find_dirs(&dirs);
	if (status == 0)
		status = take_dirs(container, &dirs);
	for (i = 0; i < dirs.count; i++)
		free(dirs.names[i]);
	if (status < 0)
		failure_set(failure, status, "cannot continue");
	else if (bins_look(container) != BINS_HAVE_PROGRAMS)
		status = refuse_rootfs(dirs.root, failure);
	else
		status = find_interpreter(container, failure);
	close(dirs.root);
	return status;
}

bool rootfs_has_program(const struct container *container, const char *program)
{
	int root = open(container->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	char path[PATH_MAX];
	struct stat st;
	bool has = false;
	size_t i;

	for (i = 0; root >= 0 && i < container->bin_count && !has; i++) {
		snprintf(path, sizeof(path), "%s/%s", container->bins[i], program);
		has = inroot_stat(root, path, &st) == 0 && search_is_program(&st);
	}
	if (root >= 0)
		close(root);
	return has;
}
