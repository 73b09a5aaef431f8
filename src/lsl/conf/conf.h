/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The configuration, subsys.conf(5): a file and the files of the directory
 * beside it, read and checked completely, and turned into containers. No other
 * module knows the name of a key.
 */
#ifndef LSL_CONF_H
#define LSL_CONF_H

#include <stdio.h>

#include "conf/container.h"

/* The name of the directory is the file's name with this suffix. */
#define CONF_DIR_SUFFIX ".d"

/* One mistake in a file, in the user's words with the remedy. */
struct conf_mistake {
	const char *file; /* one of the conf's */
	unsigned int line; /* 0: the file as a whole */
	int err; /* why the file cannot be read, a positive errno; 0: it can */
	char *text; /* without file name, line number or newline */
	/* the container of its section, or NULL; owned by the conf */
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
 * directory PATH.d in the order of their names, by strcmp(3), without names
 * that begin with a dot. The file itself may be missing if the directory
 * exists. A file of the directory that cannot be opened is a mistake, and so is
 * a directory that cannot be opened.
 *
 * Returns 0, or a negative errno if the file itself cannot be read; then *WHY
 * is a sentence to print after PATH, static, and *CONF is empty. The caller
 * clears *CONF in either case.
 */
int conf_read(const char *path, struct conf *conf, const char **why);

/*
 * Opens the configuration at PATH for conf_add. It must be a regular file on
 * a safe path (safepath.h); this is checked on the opened file.
 *
 * On success 0 and *FILE is the caller's to close. Otherwise a negative errno,
 * and *WHY is a sentence to print after the path; static, never NULL.
 */
int conf_open(const char *path, FILE **file, const char **why);

/*
 * Reads FILE, which is at PATH, to its end. Returns 0 even if mistakes were
 * found; these are in conf->mistakes. Each container with a mistake has
 * has_errors set, and so has each of several with the same name; any of its
 * values may then be missing. Paths have no '/' doubled or at the end, and no
 * '.' or '..'. The file system is not looked at. Returns a negative errno on a
 * read error or without memory; *CONF is then empty.
 *
 * The caller clears *CONF with conf_clear in either case.
 */
int conf_parse(FILE *file, const char *path, struct conf *conf);

/* The same, but adds the containers and mistakes of FILE to CONF. */
int conf_add(FILE *file, const char *path, struct conf *conf);

/*
 * Adds the mistake that the file at PATH cannot be read, with ERR, a negative
 * errno, and WHY.
 */
int conf_add_unreadable(struct conf *conf, const char *path, int err, const char *why);

/* The first container named NAME, or NULL. */
struct container *conf_find(const struct conf *conf, const char *name);

/* The line of a section that allows ALLOWED, ALLOW_... */
struct conf_allow_line {
	char text[64];
};

struct conf_allow_line conf_allow_line(unsigned int allowed);

void conf_clear(struct conf *conf);

#endif
