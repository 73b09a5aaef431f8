/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why execve(2) refused a file. The error alone does not say: "no such file"
 * may mean the file, the interpreter in its first line, or a dynamic loader,
 * its own or the interpreter's. So the file is looked at, with the rights of
 * the caller, and what it needs in turn.
 */
#ifndef LSL_DIAGNOSE_H
#define LSL_DIAGNOSE_H

#include <limits.h>
#include <stdbool.h>

/* As much of a script's first line as the kernel looks at, BINPRM_BUF_SIZE. */
#define DIAGNOSE_LINE_SIZE 256

struct diagnosis {
	/* Not empty: this interpreter of a script is refused. */
	char interpreter[DIAGNOSE_LINE_SIZE + 1];
	char text[PATH_MAX + 256]; /* a path, and words around it */
};

/*
 * Why executing PATH failed with ERR, a positive errno: in DIAGNOSIS, or
 * constant.
 */
const char *diagnose_exec(struct diagnosis *diagnosis, const char *path, int err);

/* Whether there is no file at PATH; what cannot be looked at is not missing. */
bool diagnose_is_missing(const char *path);

#endif
