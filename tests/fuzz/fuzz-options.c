/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For libFuzzer: mount.lslfs accepts any arguments or refuses them with a
 * sentence, and accepted strings are words of the command line. Each line of
 * the input is an argument.
 */
#include "config.h"

#include "options.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ARGUMENTS_MAX 64

static void require(bool holds)
{
	if (!holds)
		abort();
}

/*
 * Each in separate memory, so that checkers see a read from one into another.
 */
static int cut(const char *text, char *argv[ARGUMENTS_MAX + 1])
{
	int argc = 0;
	size_t len;

	argv[argc++] = strdup("mount.lslfs");
	for (; *text && argc < ARGUMENTS_MAX; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		argv[argc++] = strndup(text, len);
	}
	argv[argc] = NULL;
	return argc;
}

static bool is_end_of_one(const char *word, char *const argv[])
{
	size_t i, len;

	for (i = 1; argv[i]; i++) {
		len = strlen(argv[i]);
		if (word >= argv[i] && word <= argv[i] + len)
			return true;
	}
	return false;
}

static void check(const struct options *options, const char *text, char *const argv[])
{
	size_t len;

	require(options->seccomp || strstr(text, "noseccomp"));
	require(!options->debug || strstr(text, "debug"));
	require(!options->is_foreground || strstr(text, "--f"));
	if (options->wants_help || options->wants_version)
		return;
	require(is_end_of_one(options->spec, argv) && is_end_of_one(options->dir, argv));
	require(!options->ns || is_end_of_one(options->ns, argv));
	len = strlen(options->dir);
	require(len < 2 || options->dir[len - 1] != '/');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *argv[ARGUMENTS_MAX + 1], *text = strndup((const char *)data, size);
	struct failure failure = {""};
	struct options options;
	int argc, i;

	require(text);
	argc = cut(text, argv);
	if (options_parse(argc, argv, &options, &failure) == 0)
		check(&options, text, argv);
	else
		require(failure.text[0]);
	for (i = 0; i < argc; i++)
		free(argv[i]);
	free(text);
	return 0;
}
