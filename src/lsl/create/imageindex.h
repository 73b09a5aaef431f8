/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The images of a server: one line for each image, with fields separated by
 * tabs,
 *
 *	debian/13,debian/trixie	amd64	20261127_05:24	1000	HASH	images/x
 *
 * its names, architecture, version, size in bytes, SHA-256 and path below the
 * server. imageindex_jq is the program that makes these lines from a server's
 * images.json. Their contents come from the server, so each field is checked
 * here, and an image with an invalid field is left out.
 */
#ifndef LSL_IMAGEINDEX_H
#define LSL_IMAGEINDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* More than any server has. */
#define IMAGEINDEX_MAX 50000

/* jq programs that extract images.json's path, and these lines, from JSON. */
extern const char imageindex_jq_path[];
extern const char imageindex_jq[];

/* The hexadecimal digits of a SHA-256 and a NUL. */
#define IMAGE_SHA256_SIZE 65

/* Whether TEXT is a SHA-256, in lower case. */
bool image_sha256_valid(const char *text);

struct image {
	char *line; /* as above, with its newline */
	char **names; /* "debian/trixie", "debian/13"; at least one */
	size_t name_count;
	char *architecture; /* Debian's name for it */
	char *version; /* when it was built: "20261127_05:24" */
	char *path;
	char *sha256; /* 64 digits */
	long size; /* in bytes */
};

struct imageindex {
	char *text; /* holds all strings of the images */
	struct image *images; /* by name, architecture, newest first */
	size_t count;
	size_t refused; /* lines that were left out */
};

/*
 * Takes over TEXT, LEN bytes and a null byte, from malloc(3): changes it, and
 * imageindex_clear frees it, also after a failure. -E2BIG: more than
 * IMAGEINDEX_MAX lines; -ENOMEM.
 */
int imageindex_parse(char *text, size_t len, struct imageindex *index);
void imageindex_clear(struct imageindex *index);

/* Whether the image has NAME. */
bool image_has_name(const struct image *image, const char *name);

/* The shortest of its names. */
const char *image_name(const struct image *image);

/*
 * Adds WORD to *LIST, after ", ", unless the list has it. NULL is an empty
 * list. Returns 0 or -ENOMEM.
 */
int image_add_word(char **list, const char *word);

/* The day of its version, "2026-11-27"; the version itself if it has no day. */
void image_date(const struct image *image, char date[16]);

/* Whether TEXT can be an image's name. */
bool image_name_valid(const char *text);

enum imageindex_result {
	IMAGEINDEX_FOUND,
	IMAGEINDEX_SEVERAL, /* NAME has no release; WORDS are names with one */
	IMAGEINDEX_ELSEWHERE, /* WORDS are the architectures that have it */
	IMAGEINDEX_NONE, /* WORDS are names spelled alike; NULL: none */
};

/*
 * Finds the image that NAME means for ARCHITECTURE, which has Debian's name.
 * Returns an enum imageindex_result or -ENOMEM. Sets IMAGE, which belongs to
 * INDEX, if one is found, otherwise WORDS, a list separated by ", ", which the
 * caller frees.
 */
int imageindex_find(const struct imageindex *index, const char *name, const char *architecture,
		    const struct image **image, char **words);

/*
 * The image of the release of DISTRIBUTION that came last, on TODAY
 * ("2026-11-28") or before, of those that INDEX has for ARCHITECTURE. TABLE is
 * the distribution's of Debian's package distro-info-data. NULL: there is none.
 */
const struct image *imageindex_find_newest(const struct imageindex *index, const char *distribution,
					   const char *architecture, FILE *table,
					   const char *today);

#endif
