/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "create/section.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/conf.h"
#include "files/hostdir.h"
#include "files/rootfile.h"
#include "files/unlisted.h"
#include "create/store.h"
#include "timelimit.h"
#include "visible.h"

/* How long, in milliseconds, a section may take to go. */
#define PATIENCE_MS 20000

/* The directory beside CONFIG, absolute; NULL and errno. */
static char *directory_of(const char *config)
{
	char *cwd = NULL, *path;

	if (config[0] != '/') {
		cwd = getcwd(NULL, 0);
		if (!cwd)
			return NULL;
	}
	if (asprintf(&path, "%s%s%s" CONF_DIR_SUFFIX, cwd ? cwd : "", cwd ? "/" : "", config) < 0)
		path = NULL;
	free(cwd);
	return path;
}

char *section_path(const char *config, const char *name)
{
	char *path, *dir = directory_of(config);

	if (!dir || asprintf(&path, "%s/%s.conf", dir, name) < 0)
		path = NULL;
	free(dir);
	return path;
}

static bool has_parent(const char *path)
{
	char *parent = strndup(path, (size_t)(strrchr(path, '/') - path));
	struct stat st;
	bool has = parent && (!*parent || stat(parent, &st) == 0);

	free(parent);
	return has;
}

static int open_sections(const char *config, bool create, struct failure *failure)
{
	char *path = directory_of(config);
	int dir;

	if (!path)
		dir = failure_set(failure, errno, "%s" CONF_DIR_SUFFIX, config);
	else if (create && !has_parent(path))
		dir = failure_set(failure, ENOENT, "cannot make %s", path);
	else
		dir = store_open_directory(path, create, failure);
	free(path);
	return dir;
}

int section_prepare(const char *config, struct failure *failure)
{
	int status, dir = open_sections(config, false, failure);

	if (dir < 0)
		return dir == -ENOENT ? 0 : dir;
	status = unlisted_make(dir);
	close(dir);
	return status < 0 ? failure_say(failure, status, "%s" CONF_DIR_SUFFIX ": %s", config,
					hostdir_why(status))
			  : 0;
}

/* The text; NULL without memory. */
static char *compose(const struct container *container, const char *mnt, const char *comment)
{
	char *text = NULL, shown[PATH_MAX];
	size_t size, i;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	visible_copy(shown, sizeof(shown), comment, strlen(comment));
	fprintf(stream, "# %s\n[%s]\npath=%s\nmnt=%s\nbins=", shown, container->name,
		container->path, mnt);
	for (i = 0; i < container->bin_count; i++)
		fprintf(stream, "%s%s", i ? ";" : "", container->bins[i]);
	fprintf(stream, "\nenvPath=%s\n", container->env_path);
	if (container->interpreter)
		fprintf(stream, "interpreter=%s\n", container->interpreter);
	if (fclose(stream) == 0)
		return text;
	free(text);
	return NULL;
}

/*
 * Whether TEXT gives CONTAINER when it is read: the configuration cannot
 * express every path.
 */
static int prove(const char *text, const struct container *container, struct failure *failure)
{
	FILE *stream = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	struct conf conf = {.mistake_count = 0};
	int status = stream ? conf_parse(stream, "the section", &conf) : -errno;

	if (stream)
		fclose(stream);
	if (status < 0)
		return failure_set(failure, status, "cannot write its section");
	if (conf.mistake_count)
		status = failure_say(failure, EINVAL, "its section would be wrong: %s",
				     conf.mistakes[0].text);
	else if (conf.container_count != 1 ||
		 strcmp(conf.containers[0]->path, container->path) != 0)
		status = failure_say(failure, EINVAL,
				     "its path cannot be written into the configuration: %s",
				     container->path);
	conf_clear(&conf);
	return status;
}

int section_write(const char *config, const struct container *container, const char *mnt,
		  const char *comment, struct failure *failure)
{
	char name[CONTAINER_NAME_MAX + sizeof(".conf")];
	/* Users who can read a file can hold its lock, too (unlisted.h). */
	struct rootfile file = {.kind = ROOTFILE_REGULAR, .st.st_mode = 0600};
	int dir, status;

	file.bytes = compose(container, mnt, comment);
	if (!file.bytes)
		return failure_set(failure, ENOMEM, "cannot write its section");
	file.len = strlen(file.bytes);
	status = prove(file.bytes, container, failure);
	dir = status < 0 ? status : open_sections(config, true, failure);
	if (dir >= 0) {
		snprintf(name, sizeof(name), "%s.conf", container->name);
		status = rootfile_put(dir, name, &file);
		if (status < 0)
			failure_set(failure, status, "cannot write %s" CONF_DIR_SUFFIX "/%s",
				    config, name);
		close(dir);
	}
	free(file.bytes);
	return dir < 0 ? dir : status;
}

struct removing_section {
	int dir;
	char file[CONTAINER_NAME_MAX + sizeof(".conf")];
};

static void remove_section_file(void *answer, const void *arg)
{
	const struct removing_section *removing = arg;
	int *status = answer;

	*status = rootfile_remove(removing->dir, removing->file);
}

int section_remove(const char *config, const char *name, struct failure *failure)
{
	struct removing_section removing = {.dir = open_sections(config, false, failure)};
	int status, removed = 0;

	if (removing.dir < 0)
		return removing.dir == -ENOENT ? 0 : removing.dir;
	snprintf(removing.file, sizeof(removing.file), "%s.conf", name);
	/* A section that others have written may be held by its readers. */
	status = timelimit_ask(remove_section_file, &removing, removing.dir, &removed,
			       sizeof(removed), PATIENCE_MS);
	close(removing.dir);
	if (status == 0)
		status = removed;
	return status < 0
		       ? failure_say(failure, status, "cannot remove %s" CONF_DIR_SUFFIX "/%s: %s",
				     config, removing.file, hostdir_why(status))
		       : 0;
}

void section_sweep(const char *config)
{
	struct failure failure;
	int dir = open_sections(config, false, &failure);

	if (dir < 0)
		return;
	(void)rootfile_sweep(dir);
	close(dir);
}
