/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "command.h"

#include <stdlib.h>
#include <string.h>

#include "pathnames.h"
#include "unit.h"

/* A name of LEN bytes. */
static const char *name_of(size_t len)
{
	static char name[NAME_MAX + 100];

	memset(name, 'n', len);
	name[len] = '\0';
	return name;
}

TEST(test_command_program_valid__any_name_that_a_file_can_have)
{
	static const char *const names[] = {
		"ls", "[", "g++", "-x", "--help", " ",  "two words", "a:b",           ":",
		":a", "~", "a=b", "%n", "\\",     "\n", "...",       ".profile",      "..a",
		"*",  "'", "\"",  "#",  "\177",   "$",  "\377\376",  "\303\274mlaut",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!CHECK(command_program_valid(names[i])))
			printf("\"%s\"\n", names[i]);
	CHECK(command_program_valid(name_of(1)));
	CHECK(command_program_valid(name_of(NAME_MAX)));
}

TEST(test_command_program_valid__no_path_and_no_directory)
{
	static const char *const names[] = {"", ".", "..", "/", "a/b", "/a", "a/", "../a"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!CHECK(!command_program_valid(names[i])))
			printf("\"%s\"\n", names[i]);
	CHECK(!command_program_valid(name_of(NAME_MAX + 1)));
}

typedef bool parser(const char *text, struct command *command);

/* That TEXT is PROGRAM of CONTAINER; NULL: that it is no command. */
static void check(parser *parse, const char *text, const char *container, const char *program)
{
	struct command *command = malloc(sizeof(*command));
	bool is_command, is_right;

	if (!command)
		abort();
	memset(command, 'x', sizeof(*command));
	is_command = parse(text, command);
	is_right = is_command == (container != NULL) &&
		   (!container || (strcmp(command->container, container) == 0 &&
				   strcmp(command->program, program) == 0));
	if (!CHECK(is_right))
		printf("of \"%s\" came %s of %s\n", text, is_command ? command->program : "nothing",
		       is_command ? command->container : "nothing");
	free(command);
}

struct sample {
	const char *text, *container, *program;
};

static void check_all(parser *parse, const struct sample *samples, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check(parse, samples[i].text, samples[i].container, samples[i].program);
}

static void check_none(parser *parse, const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check(parse, texts[i], NULL, NULL);
}

TEST(test_command_split__the_container_ends_at_the_first_colon)
{
	static const struct sample samples[] = {
		{"debian:ls", "debian", "ls"},
		{"debian:a:b", "debian", "a:b"},
		{"debian::", "debian", ":"},
		{"debian::a", "debian", ":a"},
		{"a:a", "a", "a"},
		{"debian-12.5_x:two words", "debian-12.5_x", "two words"},
		{"debian:-x", "debian", "-x"},
		{"debian:\303\274", "debian", "\303\274"},
	};

	check_all(command_split, samples, sizeof(samples) / sizeof(samples[0]));
}

TEST(test_command_split__needs_both_halves)
{
	static const char *const texts[] = {
		"", ":", "ls", "debian:", ":ls",
	};

	check_none(command_split, texts, sizeof(texts) / sizeof(texts[0]));
}

TEST(test_command_split__refuses_what_could_lead_elsewhere)
{
	static const char *const texts[] = {
		"debian:.",           "debian:..",  "debian:a/b",  "debian:/bin/sh",
		"/proc/self/fd/4:sh", "..:sh",      "../x:sh",     "-debian:ls",
		" debian:ls",         "debian :ls", "debian\n:ls",
	};

	check_none(command_split, texts, sizeof(texts) / sizeof(texts[0]));
}

TEST(test_command_split__takes_the_longest_names_and_no_longer_ones)
{
	char text[1000], container[CONTAINER_NAME_MAX + 2], program[NAME_MAX + 2];

	for (size_t c = CONTAINER_NAME_MAX - 1; c <= CONTAINER_NAME_MAX + 1; c++)
		for (size_t p = NAME_MAX - 1; p <= NAME_MAX + 1; p++) {
			bool fits = c <= CONTAINER_NAME_MAX && p <= NAME_MAX;

			strcpy(container, name_of(c));
			strcpy(program, name_of(p));
			snprintf(text, sizeof(text), "%s:%s", container, program);
			check(command_split, text, fits ? container : NULL, program);
		}
}

TEST(test_command_from_path__the_last_component_wherever_it_lies)
{
	static const struct sample samples[] = {
		{"debian:ls", "debian", "ls"},
		{"./debian:ls", "debian", "ls"},
		{"../debian:a:b", "debian", "a:b"},
		{"/debian:ls", "debian", "ls"},
		{"/home/me/bin/debian:ls", "debian", "ls"},
		{"/arch:x/debian:ls", "debian", "ls"},
		{PATH_LINKSDIR "/arch/bin/debian:ls", "debian", "ls"},
		{PATH_LINKSDIR "/debian:ls", "debian", "ls"},
		{PATH_LINKSDIR "//debian:ls", "debian", "ls"},
	};

	check_all(command_from_path, samples, sizeof(samples) / sizeof(samples[0]));
}

TEST(test_command_from_path__bare_names_in_the_command_directory)
{
	static const struct sample samples[] = {
		{PATH_LINKSDIR "/debian/ls", "debian", "ls"},
		{PATH_LINKSDIR "/debian/-x", "debian", "-x"},
		{PATH_LINKSDIR "/debian/two words", "debian", "two words"},
		/*
		 * A program that is called as if it were another container's.
		 */
		{PATH_LINKSDIR "/debian/arch:ls", "debian", "arch:ls"},
		{PATH_LINKSDIR "/debian/:", "debian", ":"},
	};

	check_all(command_from_path, samples, sizeof(samples) / sizeof(samples[0]));
}

TEST(test_command_from_path__no_bare_names_elsewhere)
{
	static const char *const texts[] = {
		PATH_LINKSDIR "-x/ls",
		"ls",
		"/bin/ls",
		"debian/ls",
		"/debian/ls",
		PATH_LINKSDIR "x/debian/ls",
		"/x" PATH_LINKSDIR "/debian/ls",
		&PATH_LINKSDIR[1],
		PATH_LINKSDIR "/debian/bin/ls",
		PATH_LINKSDIR "/ls",
	};
	char other[] = PATH_LINKSDIR "/debian/ls";

	check_none(command_from_path, texts, sizeof(texts) / sizeof(texts[0]));
	other[1]++;
	check(command_from_path, other, NULL, NULL);
}

TEST(test_command_from_path__no_directory_is_a_command)
{
	static const char *const texts[] = {
		"",
		"/",
		PATH_LINKSDIR,
		PATH_LINKSDIR "/",
		PATH_LINKSDIR "/debian",
		PATH_LINKSDIR "/debian/",
		PATH_LINKSDIR "/debian/.",
		PATH_LINKSDIR "/debian/..",
		PATH_LINKSDIR "/./ls",
		PATH_LINKSDIR "/../ls",
		PATH_LINKSDIR "/-debian/ls",
		"/debian:ls/",
	};

	check_none(command_from_path, texts, sizeof(texts) / sizeof(texts[0]));
}

TEST(test_command_from_path__takes_a_path_of_any_length)
{
	size_t len = 100000;
	char *path = malloc(len + sizeof("/debian:ls"));

	if (!path)
		abort();
	memset(path, '/', len);
	strcpy(path + len, "/debian:ls");
	check(command_from_path, path, "debian", "ls");
	memset(path, 'd', len);
	check(command_from_path, path, "debian", "ls");
	path[0] = '/';
	path[len] = 'd';
	check(command_from_path, path, NULL, NULL);
	free(path);
}
