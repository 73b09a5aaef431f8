/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For libFuzzer: for any path and argv[0] of a command, the resulting names are
 * safe parts of paths. The input is one of the two, or both separated by a
 * newline.
 */
#include "config.h"
#include "command.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "invocation.h"
#include "record.h"
#include "rundir_visit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static char *copy(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	require(text);
	memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

/* The manual's words, again. */
static bool is_container(const char *name, size_t len)
{
	static const char chars[] =
		"-.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

	return len >= 1 && len <= 48 && strspn(name, chars) >= len && !strchr("-.", name[0]);
}

static bool is_program(const char *name)
{
	return strlen(name) >= 1 && strlen(name) <= 255 && !strchr(name, '/') &&
	       strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static void check(const struct command *command)
{
	char whole[sizeof(*command) + 1];
	struct command again;

	require(is_container(command->container, strlen(command->container)));
	require(is_program(command->program));
	strcpy(whole, command->container);
	strcat(whole, ":");
	strcat(whole, command->program);
	require(command_split(whole, &again));
	require(strcmp(again.container, command->container) == 0);
	require(strcmp(again.program, command->program) == 0);
	require(command_from_path(whole, &again) && invocation_from_name(whole, &again));
}

static bool ends_with(const char *text, const char *end)
{
	size_t text_len = strlen(text), end_len = strlen(end);

	return text_len >= end_len && strcmp(text + text_len - end_len, end) == 0;
}

static void check_spelling(const char *text)
{
	size_t len = strcspn(text, ":"), name = rundir_record_name(text);
	bool is_command = text[len] && is_container(text, len) && is_program(text + len + 1);
	struct command command;

	require(container_name_valid(text, strlen(text)) == is_container(text, strlen(text)));
	require(command_program_valid(text) == is_program(text));
	require(command_split(text, &command) == is_command);
	if (is_command)
		check(&command);
	if (command_from_path(text, &command)) {
		require(ends_with(text, command.program) && (is_command || strchr(text, '/')));
		check(&command);
	} else {
		require(!is_command);
	}
	require(name == (is_container(text, len) && strcmp(text + len, ":record") == 0 ? len : 0));
}

/* Where nothing is, nothing but the spelling counts. */
static const char *resolve(const char *path, const char *argv0, struct command *command)
{
	const char *named_by = invocation_resolve(path, argv0, command);
	struct command spelled;
	struct stat st;

	if (lstat(path, &st) < 0 && errno == ENOENT) {
		require((named_by == path) == command_from_path(path, &spelled));
		require(named_by != path || (strcmp(spelled.container, command->container) == 0 &&
					     strcmp(spelled.program, command->program) == 0));
	}
	return named_by;
}

static void check_call(const char *path, const char *argv0)
{
	struct command command;
	char *name = malloc(NAME_MAX + 2);
	const char *result, *named_by = path;

	require(name);
	if (!invocation_spelled(path, argv0, &command))
		named_by = resolve(path, argv0, &command);
	if (named_by) {
		check(&command);
		result = invocation_program_argv0(named_by, argv0, &command, name);
		require(result == argv0 || result == command.program || result == name);
		require(result != name ||
			(name[0] == '-' && strcmp(name + 1, command.program) == 0));
	}
	free(name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *path = copy(data, size), *argv0, *newline;

	check_spelling(path);
	check_call(path, path);
	newline = strchr(path, '\n');
	if (newline) {
		*newline = '\0';
		/*
		 * Separate memory, so that checkers see a read from one into
		 * the other.
		 */
		argv0 = copy((const uint8_t *)newline + 1, strlen(newline + 1));
		check_spelling(path);
		check_spelling(argv0);
		check_call(path, argv0);
		check_call(argv0, path);
		free(argv0);
	}
	free(path);
	return 0;
}
