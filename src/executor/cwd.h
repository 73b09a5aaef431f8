/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The working directory on the way into a container. It is found again by its
 * path and recognised by device and inode; no file descriptor is carried over,
 * which would be a way back out. It is the very same directory or an error:
 * running "rm -r ." in the wrong directory cannot be undone.
 */
#ifndef LSL_CWD_H
#define LSL_CWD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct cwd {
	int status; /* what cwd_remember has returned */
	dev_t dev;
	ino_t ino;
	const char *path; /* as it is called now; never freed (arena.h) */
};

/*
 * Notes the working directory. -ENOENT: it was deleted, or cannot be reached
 * from the root.
 */
int cwd_remember(struct cwd *cwd);

/*
 * Enters it again where the process is now, by the first of the COUNT PATHS
 * that leads to the very same directory. The process has to be the caller. On
 * success cwd->path is what getcwd(3) says now. cwd_remember has succeeded.
 */
int cwd_restore(struct cwd *cwd, const char *const *paths, size_t count);

/* Whether PATH, a value of PWD, leads to it. */
bool cwd_is(const struct cwd *cwd, const char *path);

#endif
