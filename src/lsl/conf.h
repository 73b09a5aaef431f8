/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The configuration, subsys.conf(5): a file and those of the directory beside
 * it, read whole, checked whole, turned into containers. Nothing past this
 * module knows the name of a key.
 */
#ifndef LSL_CONF_H
#define LSL_CONF_H

#include <stdio.h>

#include "container.h"

/* What the directory is called: the file's name with this behind it. */
#define CONF_DIR_SUFFIX ".d"

/* One mistake in a file, told in the user's words with what to do about it. */
struct conf_mistake {
	const char *file; /* one of the conf's */
	unsigned int line; /* 0: the file as a whole */
	int err; /* why the file cannot be read, a positive errno; 0: it can */
	char *text; /* without file name, line number or newline */
	/* whose section it is in, or NULL; owned by the conf */
	const struct container *container;
};

struct conf {
	struct container **containers; /* in the order of the files */
	size_t container_count;
	struct conf_mistake *mistakes; /* in the order of the files' lines */
	size_t mistake_count;
	char **files; /* their paths, in the order in which they were read */
	size_t file_count;
};

/*
 * Reads the configuration at PATH: that file, and then each *.conf of the
 * directory PATH.d in the order of their names, by strcmp(3), without those
 * that begin with a dot. Each is opened as conf_open says and read as
 * conf_parse says. The file itself may be missing where the directory is there.
 * A file of the directory that cannot be opened is a mistake, and so is the
 * directory where it cannot.
 *
 * 0, or a negative errno where the file itself cannot be read; then *WHY is a
 * sentence to print after PATH, static, and *CONF is empty. It is to be cleared
 * in either case.
 */
int conf_read(const char *path, struct conf *conf, const char **why);

/*
 * Opens the configuration at PATH for conf_parse. The file must be a regular
 * file of root's that nobody else may write, and so must be every directory
 * that leads to it (safepath.h); checked on what was opened.
 *
 * On success 0 and *FILE is the caller's to close. Otherwise a negative errno,
 * and *WHY is a sentence to print after the path; static, never NULL.
 */
int conf_open(const char *path, FILE **file, const char **why);

/*
 * Reads FILE, which is at PATH, to its end. 0 when that was possible, whatever
 * mistakes were found: those are in conf->mistakes, and each container that has
 * one has has_errors set, as has each of several with the same name; of its
 * values any may be missing then. Paths have no '/' doubled or at the end, and
 * no '.' or '..'. What is in the file system is not looked at. A negative errno
 * on a read error or without memory; *CONF is then empty.
 *
 * *CONF is the caller's, to be cleared with conf_clear in either case.
 */
int conf_parse(FILE *file, const char *path, struct conf *conf);

/* The same with more: adds what is in FILE to CONF. */
int conf_add(FILE *file, const char *path, struct conf *conf);

/*
 * Adds the mistake that the file at PATH cannot be read, for ERR, a negative
 * errno, and WHY.
 */
int conf_add_unreadable(struct conf *conf, const char *path, int err, const char *why);

/* The container named NAME, or NULL; the first where there are several. */
struct container *conf_find(const struct conf *conf, const char *name);

/* A line for a section: what its key allow has to be for ALLOWED, ALLOW_... */
struct conf_allow_line {
	char text[64];
};

struct conf_allow_line conf_allow_line(unsigned int allowed);

void conf_clear(struct conf *conf);

#endif
