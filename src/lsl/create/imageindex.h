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

/* The day of its version, "2026-11-27"; the version itself if it has no day. */
void image_date(const struct image *image, char date[16]);

/* Whether TEXT can be an image's name. */
bool image_name_valid(const char *text);

#endif
