/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The environment of a program: passed on complete and in order, with the
 * variables that the C library removes in a setuid program (TMPDIR, TZDIR,
 * LOCPATH, MALLOC_ and others). None of it is read before privilege is given
 * up.
 */
#ifndef LSL_ENV_H
#define LSL_ENV_H

#include <stddef.h>

struct env {
	char **vars; /* NULL-terminated, as execve(2) wants it */
	size_t count;
	size_t room; /* how many more fit */
};

/*
 * Collects the variables as they were given to execve(2). The kernel lays the
 * strings out one after the other between the last argument and the name of the
 * executed file (copy_strings in its fs/exec.c), and there they still are if
 * the library has only removed or replaced pointers.
 */
void env_collect(int argc, char **argv, char **environ, struct env *env);

/* Removes all that begin with BEGINNING: "NAME=", or a part of names. */
void env_remove(struct env *env, const char *beginning);

/* The value of the first variable NAME, or NULL. */
const char *env_get(const struct env *env, const char *name);

/* Sets every NAME to VALUE, and appends it if there was none. */
void env_set(struct env *env, const char *name, const char *value);

/*
 * Adds 1 to NAME, a number of two digits; any other value counts as 0. Returns
 * the sum; the variable has its last two digits.
 */
unsigned int env_count(struct env *env, const char *name);

#endif
