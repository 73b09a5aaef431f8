/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For libFuzzer: for any mount table, the strings of a line point into it, and
 * give the same result when they are written and read again; and all lines up
 * to the first invalid one are visited.
 */
#include "config.h"
#include "mountinfo.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static bool is_within(const char *value, const char *line, size_t size)
{
	return value >= line && value <= line + size && value + strlen(value) <= line + size;
}

/* As the kernel does. */
static void print_escaped(FILE *file, const char *s)
{
	for (; *s; s++)
		if (strchr(" \t\n\\", *s))
			fprintf(file, "\\%03o", (unsigned char)*s);
		else
			putc(*s, file);
}

static char *print(const struct mountinfo *mount)
{
	char *line = NULL;
	size_t size;
	FILE *file = open_memstream(&line, &size);

	require(file);
	fprintf(file, "%d %d %u:%u / ", mount->id, mount->parent, major(mount->device),
		minor(mount->device));
	print_escaped(file, mount->mount_point);
	fprintf(file, " rw %s%s%s- %s ", mount->is_shared ? "shared:1 " : "",
		mount->is_slave ? "master:2 " : "", mount->is_unbindable ? "unbindable " : "",
		mount->fs_type);
	print_escaped(file, mount->source);
	fprintf(file, " rw\n");
	require(fclose(file) == 0);
	return line;
}

static void check(const struct mountinfo *mount)
{
	char *line = print(mount);
	struct mountinfo again;

	require(mount->id >= 0 && mount->parent >= 0);
	require(mountinfo_parse(line, &again) == 0);
	require(again.id == mount->id && again.parent == mount->parent);
	require(again.device == mount->device);
	require(strcmp(again.mount_point, mount->mount_point) == 0);
	require(strcmp(again.fs_type, mount->fs_type) == 0);
	require(strcmp(again.source, mount->source) == 0);
	require(again.is_shared == mount->is_shared && again.is_slave == mount->is_slave);
	require(again.is_unbindable == mount->is_unbindable);
	free(line);
}

/* The LEN bytes at DATA as a line, up to a NUL in them. */
static int parse(const uint8_t *data, size_t len)
{
	char *line = malloc(len + 1);
	struct mountinfo mount;
	int status;

	require(line);
	memcpy(line, data, len);
	line[len] = '\0';
	status = mountinfo_parse(line, &mount);
	require(status == 0 || status == -EINVAL);
	if (status == 0) {
		require(is_within(mount.mount_point, line, len));
		require(is_within(mount.fs_type, line, len) && is_within(mount.source, line, len));
		check(&mount);
	}
	free(line);
	return status;
}

static int count(const struct mountinfo *mount, void *arg)
{
	check(mount);
	++*(size_t *)arg;
	return 0;
}

static void visit(const uint8_t *data, size_t size, size_t expected, int expected_status)
{
	FILE *file = fmemopen((void *)(uintptr_t)data, size, "r");
	size_t visits = 0;

	require(file);
	require(mountinfo_visit(file, count, &visits) == expected_status);
	require(visits == expected);
	fclose(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *line = data, *end = data + size, *newline;
	size_t lines = 0;
	int status = 0;

	while (status == 0 && line < end) {
		newline = memchr(line, '\n', (size_t)(end - line));
		if (!newline)
			newline = end - 1;
		status = parse(line, (size_t)(newline + 1 - line));
		lines += status == 0;
		line = newline + 1;
	}
	if (size > 0)
		visit(data, size, lines, status);
	return 0;
}
