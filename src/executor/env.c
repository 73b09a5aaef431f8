/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "env.h"

#include <stdbool.h>
#include <string.h>
#include <sys/auxv.h>

#include "arena.h"

/*
 * How many variables can be appended without moving the array: an ordinary
 * command adds so many.
 */
#define ROOM 2

/* The strings of all variables, one after the other. */
struct block {
	char *start, *end;
};

/*
 * False if ENVIRON is not the kernel's array after that of the arguments. The
 * contents of the array do not show this: glibc replaces a variable that it has
 * changed for a setuid program (GLIBC_TUNABLES).
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

void env_collect(int argc, char **argv, char **environ, struct env *env)
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
	env->count = 0;
	env->room = ROOM;
	env->vars = arena_alloc((most + ROOM + 1) * sizeof(*env->vars));
	if (is_block)
		for (s = block.start; s < block.end; s += strlen(s) + 1)
			env->vars[env->count++] = s;
	else
		for (; *environ; environ++)
			env->vars[env->count++] = *environ;
	env->vars[env->count] = NULL;
}

/* The value if VAR is "NAME=value". */
static const char *variable_value(const char *var, const char *name)
{
	while (*name && *var == *name)
		var++, name++;
	return *name == '\0' && *var == '=' ? var + 1 : NULL;
}

void env_remove(struct env *env, const char *beginning)
{
	char **from = env->vars, **to = from;

	for (; *from; from++)
		if (strncmp(*from, beginning, strlen(beginning)) != 0)
			*to++ = *from;
	*to = NULL;
	env->count = (size_t)(to - env->vars);
}

const char *env_get(const struct env *env, const char *name)
{
	const char *value;
	size_t i;

	for (i = 0; i < env->count; i++) {
		value = variable_value(env->vars[i], name);
		if (value)
			return value;
	}
	return NULL;
}

static void append(struct env *env, char *var)
{
	size_t size = (env->count + ROOM + 1) * sizeof(*env->vars);

	if (env->room == 0) {
		env->vars = memcpy(arena_alloc(size), env->vars, env->count * sizeof(*env->vars));
		env->room = ROOM;
	}
	env->room--;
	env->vars[env->count++] = var;
	env->vars[env->count] = NULL;
}

void env_set(struct env *env, const char *name, const char *value)
{
	size_t name_len = strlen(name), value_len = strlen(value), i;
	char *var = arena_alloc(name_len + 1 + value_len + 1);
	bool found = false;

	/* It ends where VALUE ends. */
	/* NOLINTNEXTLINE(bugprone-not-null-terminated-result) */
	memcpy(var, name, name_len);
	var[name_len] = '=';
	memcpy(var + name_len + 1, value, value_len + 1);
	for (i = 0; i < env->count; i++) {
		if (!variable_value(env->vars[i], name))
			continue;
		env->vars[i] = var;
		found = true;
	}
	if (!found)
		append(env, var);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

unsigned int env_count(struct env *env, const char *name)
{
	const char *old = env_get(env, name);
	char text[] = "00";
	unsigned int count = 1;

	if (old && is_digit(old[0]) && is_digit(old[1]) && old[2] == '\0')
		count += (unsigned int)(old[0] - '0') * 10 + (unsigned int)(old[1] - '0');
	text[0] = (char)('0' + count / 10 % 10);
	text[1] = (char)('0' + count % 10);
	env_set(env, name, text);
	return count;
}
