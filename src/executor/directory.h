/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The working directory on the way into a container. It is found again by its
 * path and recognised by device and inode; no file descriptor is carried over,
 * which would be a way back out. It is the very same directory or an error:
 * running "rm -r ." in the wrong directory cannot be undone.
 */
#ifndef LSL_DIRECTORY_H
#define LSL_DIRECTORY_H

#include <stdbool.h>
#include <sys/types.h>

struct directory {
	int status; /* what directory_remember has returned */
	dev_t dev;
	ino_t ino;
	const char *path; /* as it is called now; never freed (arena.h) */
};

/*
 * Notes the working directory. -ENOENT: it was deleted, or cannot be reached
 * from the root.
 */
int directory_remember(struct directory *directory);

/*
 * Enters it again inside the container: by the same path, else below /oldRoot.
 * The process has to be the caller. On success directory->path is what
 * getcwd(3) says now. Fails as directory_remember did where that has failed.
 */
int directory_restore(struct directory *directory);

/* Whether PATH, a value of PWD, leads to it. */
bool directory_is(const struct directory *directory, const char *path);

#endif
