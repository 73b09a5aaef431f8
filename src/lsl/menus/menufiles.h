/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Updates a directory tree: each wanted file is put, and then all files that
 * were not put are removed. A file that is already the same stays, so that
 * programs that watch the directory get no event. Nobody else writes there.
 */
#ifndef LSL_MENUFILES_H
#define LSL_MENUFILES_H

#include <stdbool.h>
#include <stddef.h>

/* To begin, only DIR is set. */
struct menufiles {
	int dir; /* the caller's */
	void *names; /* what has been put */
	bool has_changed; /* something was written or removed */
};

/*
 * Puts the SIZE bytes at BYTES into the file PATH, below the directory; missing
 * directories are made. -EEXIST: PATH was already put. Another negative errno:
 * it could not be written.
 */
int menufiles_put(struct menufiles *files, const char *path, const void *bytes, size_t size);

/*
 * The same with the file at FROM below the directory FROM_DIR, as a hard link.
 */
int menufiles_link(struct menufiles *files, int from_dir, const char *from, const char *path);

/* Whether PATH has been put. */
bool menufiles_has(const struct menufiles *files, const char *path);

/*
 * In each subdirectory, removes every file that was not put, and empty
 * directories. Names that begin with '.' stay.
 */
void menufiles_sweep(struct menufiles *files);

/* Frees the memory. */
void menufiles_end(struct menufiles *files);

/*
 * Calls FILE with the path of every regular file below PATH in DIR, in no
 * order.
 */
void menufiles_visit(int dir, const char *path, void (*file)(const char *path, void *arg),
		     void *arg);

/* Removes the directory PATH in DIR with all its contents. */
void menufiles_remove(int dir, const char *path);

#endif
