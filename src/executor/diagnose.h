/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds why execve(2) refused a file. The error alone is ambiguous: "no such
 * file" may mean the file, the interpreter in its first line, or a dynamic
 * loader, its own or the interpreter's. So this examines the file and the files
 * that it needs, with the rights of the caller.
 */
#ifndef LSL_DIAGNOSE_H
#define LSL_DIAGNOSE_H

#include <limits.h>
#include <stdbool.h>

#include "exec.h"

struct diagnosis {
	/* Not empty: this interpreter of a script is refused. */
	char interpreter[EXEC_LINE_MAX + 1];
	char text[PATH_MAX + 256]; /* a path, and words around it */
};

/*
 * Returns why executing PATH failed with ERR, a positive errno. The text is in
 * DIAGNOSIS, or constant.
 */
const char *diagnose_exec(struct diagnosis *diagnosis, const char *path, int err);

/*
 * Whether there is no file at PATH; a file that cannot be examined is not
 * missing.
 */
bool diagnose_is_missing(const char *path);

#endif
