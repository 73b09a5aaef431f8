/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "started/record_write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "syscalls_more.h"

static void print_binds(FILE *file, const struct bind *binds, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		fprintf(file, "%s%s:%s", i ? ";" : "", binds[i].source, binds[i].target);
}

/* Prints nothing if none of BITS is set. */
static void print_words(FILE *file, const char *key, unsigned int bits, const char *const *words)
{
	const char *separator = "=";
	size_t i;

	if (!bits)
		return;
	fputs(key, file);
	for (i = 0; bits >> i; i++) {
		if (!(bits >> i & 1))
			continue;
		fprintf(file, "%s%s", separator, words[i]);
		separator = ";";
	}
	fputc('\n', file);
}

static void print_namespace(FILE *file, const struct nsfile_id *ns)
{
	fprintf(file, "namespace=%ju:%ju", (uintmax_t)ns->dev, (uintmax_t)ns->ino);
	if (ns->id)
		fprintf(file, ":%ju", (uintmax_t)ns->id);
	fputc('\n', file);
}

/* Writes the lines of a container. */
struct what {
	const struct container *container;
	const struct container *built; /* as its namespace was built */
};

static void print_container(FILE *file, const void *arg)
{
	const struct what *what = arg;
	const struct container *container = what->container;
	const struct container *built = what->built;
	size_t i;

	fputs("bins=", file);
	for (i = 0; i < container->bin_count; i++)
		fprintf(file, "%s%s", i ? ";" : "", container->bins[i]);
	if (container->env_path)
		fprintf(file, "\nenvPath=%s", container->env_path);
	if (container->interpreter)
		fprintf(file, "\ninterpreter=%s", container->interpreter);
	fputc('\n', file);
	print_words(file, "own", built->own, container_own_paths);
	print_words(file, "allow", built->allowed, container_allowances);
	if (container->shares_applications)
		fputs("share=" RECORD_SHARE_APPLICATIONS "\n", file);
	if (container->people)
		fprintf(file, "people=%s\n", container->people);
	if (built->has_no_commands)
		fputs("host=no\n", file);
	fprintf(file, "path=%s\nmnt=", built->path);
	print_binds(file, built->binds, built->bind_count);
	if (container->copy_count)
		fputs("\ncopies=", file);
	print_binds(file, container->copies, container->copy_count);
	fputc('\n', file);
}

void record_fit_namespace(int rundir, struct nsfile_id *ns)
{
	struct statfs fs;

	if (fstatfs(rundir, &fs) < 0 ||
	    (fs.f_type != LSL_TMPFS_MAGIC && fs.f_type != LSL_RAMFS_MAGIC))
		ns->id = 0;
}

/* FILE is closed. */
static int finish_record(FILE *file)
{
	int status = 0;

	if (fflush(file) != 0)
		status = -errno;
	else if (ftell(file) > RECORD_SIZE_MAX)
		status = -EFBIG;
	/*
	 * Independent of the umask: every user may know which containers are
	 * started.
	 */
	else if (fchmod(fileno(file), 0644) < 0)
		status = -errno;
	if (fclose(file) != 0 && status == 0)
		status = -errno;
	return status;
}

static int open_temporary(int rundir, const char *name, FILE **file)
{
	int fd = openat(rundir, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	int status;

	*file = fd < 0 ? NULL : fdopen(fd, "w");
	if (*file)
		return 0;
	status = -errno;
	if (fd >= 0)
		close(fd);
	return status;
}

int record_put(int rundir, const char *name, const struct nsfile_id *ns,
	       void (*print)(FILE *file, const void *arg), const void *arg)
{
	struct record_path path = record_path(name, RECORD_SUFFIX);
	struct record_path temporary = record_path(name, RECORD_TEMPORARY);
	FILE *file;
	int status = open_temporary(rundir, temporary.text, &file);

	if (!file)
		return status;
	fprintf(file, "lsl=" RECORD_FORMAT "\nname=%s\n", name);
	if (ns->ino)
		print_namespace(file, ns);
	print(file, arg);
	status = finish_record(file);
	if (status == 0 && renameat(rundir, temporary.text, rundir, path.text) < 0)
		status = -errno;
	if (status < 0)
		unlinkat(rundir, temporary.text, 0);
	return status;
}

int record_write(int rundir, const struct container *container, const struct nsfile_id *ns,
		 const struct container *in_force)
{
	const struct what what = {container, in_force ? in_force : container};

	return record_put(rundir, container->name, ns, print_container, &what);
}

int record_remove(int rundir, const char *name)
{
	static const char *const suffixes[] = {RECORD_SUFFIX, RECORD_TEMPORARY};
	struct record_path path;
	size_t i;

	for (i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		path = record_path(name, suffixes[i]);
		if (unlinkat(rundir, path.text, 0) < 0 && errno != ENOENT)
			return -errno;
	}
	return 0;
}
