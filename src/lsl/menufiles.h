/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A directory tree that is brought to hold certain files: each is put, and then
 * what was not put is swept out. A file that is the same already is left alone,
 * so that nobody who watches the directory is told of it. Nobody else writes
 * there.
 */
#ifndef LSL_MENUFILES_H
#define LSL_MENUFILES_H

#include <stdbool.h>
#include <stddef.h>

struct menufiles {
	int dir; /* the caller's */
	void *names; /* what has been put */
	bool has_changed; /* something was written or removed */
};

/* Nothing has been put into the directory DIR so far. */
struct menufiles menufiles_begin(int dir);

/*
 * Puts the SIZE bytes at BYTES at PATH, below the directory; what is missing of
 * directories is made. -EEXIST where PATH has been put already. Another
 * negative errno: it could not be written.
 */
int menufiles_put(struct menufiles *files, const char *path, const void *bytes, size_t size);

/*
 * The same with the file at FROM below the directory FROM_DIR, as a hard link.
 */
int menufiles_link(struct menufiles *files, int from_dir, const char *from, const char *path);

/* Whether PATH has been put. */
bool menufiles_has(const struct menufiles *files, const char *path);

/*
 * Removes every file below each of the directory's subdirectories that was not
 * put, and directories that are empty. What begins with '.' is left alone.
 */
void menufiles_sweep(struct menufiles *files);

/* Frees what is remembered. */
void menufiles_end(struct menufiles *files);

/*
 * Calls FILE with the path of every regular file below PATH in DIR, in no
 * order. 0, also where PATH is not there, or a negative errno.
 */
int menufiles_visit(int dir, const char *path, void (*file)(const char *path, void *arg),
		    void *arg);

/* Removes the directory PATH in DIR with all that is in it. */
void menufiles_remove(int dir, const char *path);

/*
 * The whole of a file that is no larger than LIMIT: *BYTES has a NUL behind it
 * and is the caller's.
 */
int menufiles_read(int fd, size_t limit, char **bytes, size_t *size);

#endif
