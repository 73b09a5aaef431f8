/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "environment.h"

#include <stdbool.h>
#include <string.h>
#include <sys/auxv.h>

#include "arena.h"

/*
 * Variables that can be appended without moving the array: what an ordinary
 * command adds.
 */
#define ROOM 2

/* The strings of all variables, one after the other. */
struct block {
	char *start, *end;
};

/*
 * False if ENVIRON is not the array that the kernel made, behind that of the
 * arguments. What is in the array does not tell: glibc replaces a variable that
 * it has changed for a setuid program (GLIBC_TUNABLES).
 */
static bool find_block(int argc, char **argv, char **environ, struct block *block)
{
	block->end = (char *)getauxval(AT_EXECFN);
	block->start = argv[argc - 1] + strlen(argv[argc - 1]) + 1;
	return environ == argv + argc + 1 && block->end && block->start <= block->end &&
	       (block->start == block->end || block->end[-1] == '\0');
}

static size_t count_block(const struct block *block)
{
	const char *s;
	size_t count = 0;

	for (s = block->start; s < block->end; s += strlen(s) + 1)
		count++;
	return count;
}

void environment_collect(int argc, char **argv, char **environ, struct environment *environment)
{
	struct block block;
	bool is_block = find_block(argc, argv, environ, &block);
	size_t most = 0;
	char *s;

	if (is_block)
		most = count_block(&block);
	else
		while (environ[most])
			most++;
	environment->count = 0;
	environment->room = ROOM;
	environment->vars = arena_alloc((most + ROOM + 1) * sizeof(*environment->vars));
	if (is_block)
		for (s = block.start; s < block.end; s += strlen(s) + 1)
			environment->vars[environment->count++] = s;
	else
		for (; *environ; environ++)
			environment->vars[environment->count++] = *environ;
	environment->vars[environment->count] = NULL;
}

void environment_remove_loaders(struct environment *environment)
{
	char **from = environment->vars, **to = from;

	for (; *from; from++)
		if (strncmp(*from, "LD_", 3) != 0)
			*to++ = *from;
	*to = NULL;
	environment->count = (size_t)(to - environment->vars);
}

/* The value if VAR is "NAME=value". */
static const char *value_of(const char *var, const char *name)
{
	while (*name && *var == *name)
		var++, name++;
	return *name == '\0' && *var == '=' ? var + 1 : NULL;
}

const char *environment_get(const struct environment *environment, const char *name)
{
	const char *value;
	size_t i;

	for (i = 0; i < environment->count; i++) {
		value = value_of(environment->vars[i], name);
		if (value)
			return value;
	}
	return NULL;
}

static void append(struct environment *environment, char *var)
{
	size_t size = (environment->count + ROOM + 1) * sizeof(*environment->vars);

	if (environment->room == 0) {
		environment->vars = memcpy(arena_alloc(size), environment->vars,
					   environment->count * sizeof(*environment->vars));
		environment->room = ROOM;
	}
	environment->room--;
	environment->vars[environment->count++] = var;
	environment->vars[environment->count] = NULL;
}

void environment_set(struct environment *environment, const char *name, const char *value)
{
	size_t name_len = strlen(name), value_len = strlen(value), i;
	char *var = arena_alloc(name_len + 1 + value_len + 1);
	bool found = false;

	/* It ends where VALUE does. */
	/* NOLINTNEXTLINE(bugprone-not-null-terminated-result) */
	memcpy(var, name, name_len);
	var[name_len] = '=';
	memcpy(var + name_len + 1, value, value_len + 1);
	for (i = 0; i < environment->count; i++) {
		if (!value_of(environment->vars[i], name))
			continue;
		environment->vars[i] = var;
		found = true;
	}
	if (!found)
		append(environment, var);
}
