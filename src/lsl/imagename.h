/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which image of an index a name means. Names are the server's own. One without
 * a release means the only release, or the newest that is out.
 */
#ifndef LSL_IMAGENAME_H
#define LSL_IMAGENAME_H

#include "imageindex.h"

enum imagename_result {
	IMAGENAME_FOUND,
	IMAGENAME_SEVERAL, /* NAME has no release; WORDS are names with one */
	IMAGENAME_ELSEWHERE, /* WORDS are the architectures that have it */
	IMAGENAME_NONE, /* WORDS are names that are spelled alike; NULL: none */
};

/*
 * Finds the image that NAME means for ARCHITECTURE, which has Debian's name.
 * An enum imagename_result or -ENOMEM. IMAGE, which is INDEX's, is set where
 * one is found, WORDS (a list with ", " between them, to be freed) otherwise.
 */
int imagename_resolve(const struct imageindex *index, const char *name, const char *architecture,
		      const struct image **image, char **words);

#endif
