/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For libFuzzer: for any record, the result points into its text, keeps the
 * promises of record.h, and gives the same result when it is written and read
 * again.
 */
#include "config.h"
#include "record.h"
#include "rundir_visit.h"
#include "pathnames.h"
#include "started/record_write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *directory;
static int rundir;

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void remove_directory(void)
{
	rmdir(directory);
	free(directory);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *base = getenv("TMPDIR");

	(void)argc;
	(void)argv;
	require(asprintf(&directory, "%s/lsl-fuzz.XXXXXX", base && *base ? base : "/tmp") > 0);
	require(mkdtemp(directory) && atexit(remove_directory) == 0);
	rundir = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	require(rundir >= 0);
	return 0;
}

/* Bytes with room for exactly one more. */
static char *copy(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	require(text);
	memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

/* Whether VALUE is a line of TEXT's, or a piece of one, and ends in it. */
static bool is_within(const char *value, const char *text, size_t size)
{
	return value >= text && value < text + size && value + strlen(value) < text + size &&
	       strchr(value, '\n') == NULL;
}

static void check(const struct record *r, const char *text, size_t size)
{
	const char *s = r->bins.first;

	require(r->size == size + 1);
	require(is_within(r->name, text, size) && is_within(r->path, text, size));
	require(is_within(r->mnt, text, size));
	require(!r->env_path || is_within(r->env_path, text, size));
	require(!r->interpreter || is_within(r->interpreter, text, size));
	require(container_name_valid(r->name, strlen(r->name)));
	require(s != r->bins.end);
	for (; s != r->bins.end; s = record_next(s))
		require(is_within(s, text, size) && s < r->bins.end && !strchr(s, ';'));
}

static char *unconst(const char *s)
{
	return (char *)(uintptr_t)s;
}

/* The container of RECORD, without its binds; the caller frees its bins. */
static struct container container_of(const struct record *record)
{
	struct container c = {
		.name = unconst(record->name),
		.path = unconst(record->path),
		.env_path = unconst(record->env_path),
		.interpreter = unconst(record->interpreter),
	};
	const char *s;

	for (s = record->bins.first; s != record->bins.end; s = record_next(s))
		c.bin_count++;
	c.bins = calloc(c.bin_count, sizeof(*c.bins));
	require(c.bins);
	c.bin_count = 0;
	for (s = record->bins.first; s != record->bins.end; s = record_next(s))
		c.bins[c.bin_count++] = unconst(s);
	return c;
}

static bool is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void check_again(const struct record *r, const struct record *again)
{
	const char *a = r->bins.first, *b = again->bins.first;

	require(is_same(r->name, again->name) && is_same(r->path, again->path));
	require(r->ns.ino == again->ns.ino);
	require(r->ns.ino == 0 || (r->ns.dev == again->ns.dev && r->ns.id == again->ns.id));
	require(is_same(r->env_path, again->env_path));
	require(is_same(r->interpreter, again->interpreter));
	for (; a != r->bins.end && b != again->bins.end; a = record_next(a), b = record_next(b))
		require(strcmp(a, b) == 0);
	require(a == r->bins.end && b == again->bins.end);
}

static void write_and_read(const struct record *record)
{
	static char text[RECORD_SIZE_MAX + 1];
	struct container c = container_of(record);
	struct record again;
	struct record_path file;
	ssize_t len;
	int fd, status = record_write(rundir, &c, &record->ns, NULL);

	free(c.bins);
	require(status == 0 || status == -EFBIG);
	if (status < 0)
		return;
	file = record_path(record->name, RECORD_SUFFIX);
	/* The host's is no container's. */
	require(rundir_record_name(file.text) ==
		(strcmp(record->name, HOST_NAME) == 0 ? 0 : strlen(record->name)));
	fd = openat(rundir, file.text, O_RDONLY | O_CLOEXEC);
	len = read(fd, text, sizeof(text));
	require(fd >= 0 && len > 0 && len < (ssize_t)sizeof(text) && close(fd) == 0);
	require(record_parse(text, (size_t)len, &again) == 0);
	check_again(record, &again);
	require(record_remove(rundir, record->name) == 0);
	require(geteuid() != 0 ||
		record_read(rundir, record->name, text, sizeof(text), &again) == -ENOENT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = copy(data, size);
	struct record record;
	int status = record_parse(text, size, &record);

	require(status == 0 || status == -EINVAL);
	if (status == 0) {
		check(&record, text, size);
		write_and_read(&record);
	}
	free(text);

	text = copy(data, size);
	size = rundir_record_name(text);
	require(size == 0 ||
		(container_name_valid(text, size) && strcmp(text + size, ":record") == 0));
	free(text);
	return 0;
}
