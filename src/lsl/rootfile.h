/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One file of a root filesystem as a whole: read, replaced in one step, set
 * aside, put back. Each is named by a directory, an fd, and a name in it, and
 * no symbolic link at that name is followed.
 */
#ifndef LSL_ROOTFILE_H
#define LSL_ROOTFILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

/*
 * What the name ends with under which rootfile_put writes; it begins with a
 * dot.
 */
#define ROOTFILE_NEW_SUFFIX ".lsl-new"

enum rootfile_kind {
	ROOTFILE_NONE, /* there is nothing */
	ROOTFILE_REGULAR,
	ROOTFILE_LINK,
	ROOTFILE_OTHER, /* a directory, a device, a file that is too large */
};

struct rootfile {
	enum rootfile_kind kind;
	struct stat st; /* of owner and mode alone where it is to be written */
	char *bytes; /* content, or the link's target; NUL-terminated */
	size_t len;
};

/*
 * Reads NAME in the directory DIR, if it has at most MAX bytes. -ENOENT with
 * kind ROOTFILE_NONE where there is nothing. Nothing but regular files is
 * opened. rootfile_clear frees what it holds.
 */
int rootfile_read(int dir, const char *name, size_t max, struct rootfile *file);

/* A hash of kind and content; never 0. */
uint64_t rootfile_hash(const struct rootfile *file);

/*
 * Makes FILE the file NAME in DIR, in one step: another one is written first,
 * with FILE's owner and mode, and is on disk before it takes the name. A link
 * has no mode. The one that was there is gone.
 */
int rootfile_put(int dir, const char *name, const struct rootfile *file);

/*
 * Keeps what is at NAME in DIR under a second name beside it, replacing what
 * was kept before. NAME itself stays, as far as the file system has hard links.
 */
int rootfile_keep(int dir, const char *name);

/* Whether something is kept. 1, 0 or a negative errno. */
int rootfile_is_kept(int dir, const char *name);

/* Puts what is kept back at NAME, in one step. */
int rootfile_put_back(int dir, const char *name);

/* Removes what is kept; 0 also when nothing was. */
int rootfile_forget(int dir, const char *name);

/* Removes NAME; 0 also when there was nothing. */
int rootfile_remove(int dir, const char *name);

void rootfile_clear(struct rootfile *file);

#endif
