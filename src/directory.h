/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The working directory on the way into a container. It is found again by its
 * path and recognised by device and inode; no file descriptor is carried
 * over, which would be a way back out. It is the very same directory or an error, never another one:
 * what "rm -r ." does in a wrong directory cannot be made good.
 */
#ifndef LSL_DIRECTORY_H
#define LSL_DIRECTORY_H

#include <stdbool.h>
#include <sys/types.h>

struct directory {
	dev_t dev;
	ino_t ino;
	const char *path; /* as it is called now; never freed (arena.h) */
};

/* Notes the working directory. -ENOENT: it was deleted, or cannot be reached from the root. */
int directory_remember(struct directory *directory);

/*
 * Enters it again inside the container: by the same path, else below /oldRoot. To be called as
 * the caller. On success directory->path is what getcwd(3) says now.
 */
int directory_restore(struct directory *directory);

/* Whether PATH, a value of PWD, leads to it. */
bool directory_is(const struct directory *directory, const char *path);

#endif
