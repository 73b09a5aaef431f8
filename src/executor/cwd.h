/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keeps the working directory when a container is entered. It is found again by
 * its path and recognised by device and inode. No file descriptor is kept,
 * because it would lead back out. The result is the very same directory or an
 * error, because "rm -r ." in the wrong directory cannot be undone.
 */
#ifndef LSL_CWD_H
#define LSL_CWD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct cwd {
	int status; /* the result of cwd_remember */
	dev_t dev;
	ino_t ino;
	const char *path; /* its present path; never freed (arena.h) */
};

/*
 * Notes the working directory. -ENOENT: it was deleted, or cannot be reached
 * from the root.
 */
int cwd_remember(struct cwd *cwd);

/*
 * Enters it again in the present namespace, by the first of the COUNT PATHS
 * that leads to the very same directory. The process must have become the
 * caller, and cwd_remember must have succeeded. On success cwd->path is the
 * path that getcwd(3) returns now.
 */
int cwd_restore(struct cwd *cwd, const char *const *paths, size_t count);

/* Whether PATH, a value of PWD, leads to it. */
bool cwd_is(const struct cwd *cwd, const char *path);

#endif
