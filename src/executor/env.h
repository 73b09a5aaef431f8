/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The environment on the way into a container: passed on whole and in order,
 * also what the C library took out of a setuid program's (TMPDIR, TZDIR,
 * LOCPATH, MALLOC_ and others). Nothing of it is looked at before privilege is
 * gone.
 */
#ifndef LSL_ENV_H
#define LSL_ENV_H

#include <stddef.h>

struct env {
	char **vars; /* NULL-terminated, as execve(2) wants it */
	size_t count;
	size_t room; /* for how many more there is room */
};

/*
 * Collects the variables as they were given to execve(2). The kernel lays the
 * strings out one after the other between the last argument and the name of the
 * executed file (copy_strings in its fs/exec.c), and there they still are when
 * the library has only taken pointers away, or put others in their place.
 */
void env_collect(int argc, char **argv, char **environ, struct env *env);

/*
 * Takes the LD_ variables out: they name files of the host and speak to the
 * loader.
 */
void env_remove_loaders(struct env *env);

/* Takes NAME out, wherever it is. */
void env_remove(struct env *env, const char *name);

/* The value of the first variable NAME, or NULL. */
const char *env_get(const struct env *env, const char *name);

/* Sets every NAME to VALUE, and appends it if there was none. */
void env_set(struct env *env, const char *name, const char *value);

#endif
