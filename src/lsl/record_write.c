/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "record_write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void print_binds(FILE *file, const struct bind *binds, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		fprintf(file, "%s%s:%s", i ? ";" : "", binds[i].source, binds[i].target);
}

/* Nothing where none of BITS is set; IN_FORCE is NULL, or what to print instead. */
static void print_words(FILE *file, const char *key, unsigned int bits, const char *const *words,
			const char *in_force)
{
	const char *separator = "";
	size_t i;

	if (in_force ? !*in_force : !bits)
		return;
	fprintf(file, "%s=%s", key, in_force ? in_force : "");
	for (i = 0; !in_force && bits >> i; i++) {
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

static void print_record(FILE *file, const struct container *container, const struct nsfile_id *ns,
			 const struct record *in_force)
{
	size_t i;

	fprintf(file, "lsl=" RECORD_FORMAT "\nname=%s\n", container->name);
	if (ns->ino)
		print_namespace(file, ns);
	fputs("bins=", file);
	for (i = 0; i < container->bin_count; i++)
		fprintf(file, "%s%s", i ? ";" : "", container->bins[i]);
	if (container->env_path)
		fprintf(file, "\nenvPath=%s", container->env_path);
	if (container->interpreter)
		fprintf(file, "\ninterpreter=%s", container->interpreter);
	fputc('\n', file);
	print_words(file, "own", container->own, container_own_paths,
		    in_force ? in_force->own : NULL);
	print_words(file, "allow", container->allowed, container_allowances,
		    in_force ? in_force->allow : NULL);
	if (container->shares_applications)
		fputs("share=" CONTAINER_SHARES_APPLICATIONS "\n", file);
	if (container->people)
		fprintf(file, "people=%s\n", container->people);
	fprintf(file, "path=%s\nmnt=", in_force ? in_force->path : container->path);
	if (in_force)
		fputs(in_force->mnt, file);
	else
		print_binds(file, container->binds, container->bind_count);
	if (container->copy_count)
		fputs("\ncopies=", file);
	print_binds(file, container->copies, container->copy_count);
	fputc('\n', file);
}

static int write_file(int fd, const struct container *container, const struct nsfile_id *ns,
		      const struct record *in_force)
{
	FILE *file = fdopen(fd, "w");
	int status = 0;

	if (!file) {
		status = -errno;
		close(fd);
		return status;
	}
	print_record(file, container, ns, in_force);
	if (fflush(file) != 0)
		status = -errno;
	else if (ftell(file) > RECORD_SIZE_MAX)
		status = -EFBIG;
	/* Whatever the umask was: everybody may know what is started. */
	else if (fchmod(fd, 0644) < 0)
		status = -errno;
	if (fclose(file) != 0 && status == 0)
		status = -errno;
	return status;
}

int record_write(int rundir, const struct container *container, const struct nsfile_id *ns,
		 const struct record *in_force)
{
	struct record_path path = record_path(container->name, RECORD_SUFFIX);
	struct record_path temporary = record_path(container->name, RECORD_TEMPORARY);
	int fd, status;

	fd = openat(rundir, temporary.text, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
		    0644);
	if (fd < 0)
		return -errno;
	status = write_file(fd, container, ns, in_force);
	if (status == 0 && renameat(rundir, temporary.text, rundir, path.text) < 0)
		status = -errno;
	if (status < 0)
		unlinkat(rundir, temporary.text, 0);
	return status;
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
