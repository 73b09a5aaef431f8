/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One file of a root filesystem as a whole: to read, replace in one step, set
 * aside, and put back. A file is given by a directory, an fd, and a name in it;
 * a symbolic link at that name is not followed.
 */
#ifndef LSL_ROOTFILE_H
#define LSL_ROOTFILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

enum rootfile_kind {
	ROOTFILE_NONE, /* there is nothing */
	ROOTFILE_REGULAR,
	ROOTFILE_LINK,
	ROOTFILE_OTHER, /* a directory, a device, a file that is too large */
};

struct rootfile {
	enum rootfile_kind kind;
	struct stat st; /* for writing, only owner and mode */
	char *bytes; /* content, or the link's target; NUL-terminated */
	size_t len;
};

/*
 * Reads NAME in the directory DIR, if it has at most MAX bytes. -ENOENT, with
 * kind ROOTFILE_NONE: there is no such file. It opens only regular files.
 * rootfile_clear frees the content.
 */
int rootfile_read(int dir, const char *name, size_t max, struct rootfile *file);

/*
 * Reads the file FD to its end. -EFBIG: it has more than MAX bytes. -EINVAL: it
 * is not regular. rootfile_clear frees the content.
 */
int rootfile_read_fd(int fd, size_t max, struct rootfile *file);

/* A hash of kind and content; never 0. */
uint64_t rootfile_hash(const struct rootfile *file);

/*
 * Makes FILE the file NAME in DIR, in one step: writes another file first, with
 * FILE's owner and mode, which is on disk before it gets the name. A link has
 * no mode. The former file is removed.
 */
int rootfile_put(int dir, const char *name, const struct rootfile *file);

/*
 * Removes what killed processes have left of rootfile_put in the directory DIR.
 * Returns 0 or a negative errno.
 */
int rootfile_sweep(int dir);

/* The same for the file NAME alone. */
int rootfile_remove_new(int dir, const char *name);

/*
 * Keeps the file NAME in DIR under a second name beside it, replacing a file
 * that was kept before. NAME itself stays, if the file system has hard links.
 */
int rootfile_keep(int dir, const char *name);

/* Whether a file is kept. 1, 0 or a negative errno. */
int rootfile_is_kept(int dir, const char *name);

/* Puts the kept file back at NAME, in one step. */
int rootfile_put_back(int dir, const char *name);

/* Removes the kept file; returns 0 also if there was none. */
int rootfile_forget(int dir, const char *name);

/* Removes NAME; returns 0 also if there was no such file. */
int rootfile_remove(int dir, const char *name);

void rootfile_clear(struct rootfile *file);

#endif
