/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds the image that a name means. Names are the server's own. A name without
 * a release means the only release, or the newest one that is released.
 */
#ifndef LSL_IMAGENAME_H
#define LSL_IMAGENAME_H

#include <stdio.h>

#include "create/imageindex.h"

enum imagename_result {
	IMAGENAME_FOUND,
	IMAGENAME_SEVERAL, /* NAME has no release; WORDS are names with one */
	IMAGENAME_ELSEWHERE, /* WORDS are the architectures that have it */
	IMAGENAME_NONE, /* WORDS are names spelled alike; NULL: none */
};

/*
 * Finds the image that NAME means for ARCHITECTURE, which has Debian's name.
 * Returns an enum imagename_result or -ENOMEM. Sets IMAGE, which belongs to
 * INDEX, if one is found, otherwise WORDS, a list separated by ", ", which the
 * caller frees.
 */
int imagename_resolve(const struct imageindex *index, const char *name, const char *architecture,
		      const struct image **image, char **words);

/*
 * The image of the release of DISTRIBUTION that came last, on TODAY
 * ("2026-11-28") or before, of those that INDEX has for ARCHITECTURE. TABLE is
 * the distribution's of Debian's package distro-info-data. NULL: there is none.
 */
const struct image *imagename_newest(const struct imageindex *index, const char *distribution,
				     const char *architecture, FILE *table, const char *today);

#endif
