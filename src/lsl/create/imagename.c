/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "create/imagename.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "create/distroinfo.h"
#include "base/suggest.h"

/* Names that are offered instead of a missing one. */
#define OFFERS_MAX 4

/* A name without a release, and the images that it could mean. */
struct candidates {
	const struct imageindex *index;
	const char *distribution, *architecture;
};

static const struct image *find(const struct imageindex *index, const char *name,
				const char *architecture)
{
	const struct image *image;
	size_t i;

	for (i = 0; i < index->count; i++) {
		image = &index->images[i];
		if (strcmp(image->architecture, architecture) == 0 && image_has_name(image, name))
			return image;
	}
	return NULL;
}

/* Adds WORD to LIST, unless LIST has it. */
static int add_word(char **list, const char *word)
{
	size_t len = strlen(word);
	const char *p;
	char *longer;

	for (p = *list; p && (p = strstr(p, word)); p += len)
		if ((p == *list || p[-1] == ' ') && (p[len] == ',' || p[len] == '\0'))
			return 0;
	if (asprintf(&longer, "%s%s%s", *list ? *list : "", *list ? ", " : "", word) < 0)
		return -ENOMEM;
	free(*list);
	*list = longer;
	return 0;
}

/* The name of IMAGE that consists of DISTRIBUTION and a release, or NULL. */
static const char *release_name(const struct image *image, const char *distribution)
{
	size_t i, len = strlen(distribution);
	const char *name;

	for (i = 0; i < image->name_count; i++) {
		name = image->names[i];
		if (strncmp(name, distribution, len) == 0 && name[len] == '/' &&
		    !strchr(name + len + 1, '/'))
			return name;
	}
	return NULL;
}

static bool is_candidate(const struct candidates *candidates, const struct image *image)
{
	return strcmp(image->architecture, candidates->architecture) == 0 &&
	       release_name(image, candidates->distribution);
}

/* Their number, and the last of them. */
static size_t count_candidates(const struct candidates *candidates, const struct image **last)
{
	size_t i, count = 0;

	for (i = 0; i < candidates->index->count; i++) {
		if (!is_candidate(candidates, &candidates->index->images[i]))
			continue;
		*last = &candidates->index->images[i];
		count++;
	}
	return count;
}

static const struct image *find_release(const struct candidates *candidates, const char *series)
{
	const struct image *image;
	char *name;

	if (asprintf(&name, "%s/%s", candidates->distribution, series) < 0)
		return NULL;
	image = find(candidates->index, name, candidates->architecture);
	free(name);
	return image;
}

static bool has_release(const char *series, void *arg)
{
	return find_release(arg, series) != NULL;
}

static const struct image *find_newest(struct candidates *candidates)
{
	FILE *file = distroinfo_open(candidates->distribution);
	char series[DISTROINFO_SERIES_MAX], today[16];
	const struct image *image = NULL;
	time_t now = time(NULL);
	struct tm tm;

	if (!file)
		return NULL;
	if (gmtime_r(&now, &tm) && strftime(today, sizeof(today), "%Y-%m-%d", &tm) &&
	    distroinfo_newest(file, today, has_release, candidates, series))
		image = find_release(candidates, series);
	fclose(file);
	return image;
}

static int list_candidates(const struct candidates *candidates, char **words)
{
	const struct image *image;
	int status = 0;
	size_t i;

	for (i = 0; i < candidates->index->count && status == 0; i++) {
		image = &candidates->index->images[i];
		if (is_candidate(candidates, image))
			status = add_word(words, release_name(image, candidates->distribution));
	}
	return status < 0 ? status : IMAGENAME_SEVERAL;
}

static int list_architectures(const struct imageindex *index, const char *name, char **words)
{
	const struct image *image;
	int status = 0;
	size_t i;

	for (i = 0; i < index->count && status == 0; i++) {
		image = &index->images[i];
		if (image_has_name(image, name) || release_name(image, name))
			status = add_word(words, image->architecture);
	}
	return status < 0 ? status : *words ? IMAGENAME_ELSEWHERE : IMAGENAME_NONE;
}

/* The distance to the nearest name of IMAGE. */
static size_t nearest_name(const struct image *image, const char *name, const char **nearest)
{
	size_t i, distance, least = SUGGEST_MAX;

	for (i = 0; i < image->name_count; i++) {
		distance = suggest_distance(image->names[i], name);
		if (distance < least) {
			least = distance;
			*nearest = image->names[i];
		}
	}
	return least;
}

/* Adds the names at the distance WANTED. */
static int add_nearest(const struct imageindex *index, const char *name, const char *architecture,
		       size_t wanted, char **words)
{
	const struct image *image;
	const char *nearest = NULL;
	size_t i, count = 0;
	int status = 0;

	for (i = 0; i < index->count && count < OFFERS_MAX && status == 0; i++) {
		image = &index->images[i];
		if (strcmp(image->architecture, architecture) != 0 ||
		    nearest_name(image, name, &nearest) != wanted)
			continue;
		status = add_word(words, nearest);
		count++;
	}
	return status;
}

/* Adds the releases of the distribution with which NAME begins. */
static int list_releases(const struct imageindex *index, const char *name, const char *architecture,
			 char **words)
{
	char *distribution = strndup(name, strcspn(name, "/"));
	struct candidates candidates = {index, distribution, architecture};
	int status;

	if (!distribution)
		return -ENOMEM;
	status = list_candidates(&candidates, words);
	free(distribution);
	return status < 0 ? status : IMAGENAME_NONE;
}

static int list_nearest(const struct imageindex *index, const char *name, const char *architecture,
			char **words)
{
	size_t distance;
	int status = 0;

	for (distance = 1; suggest_is_near(distance) && !*words && status == 0; distance++)
		status = add_nearest(index, name, architecture, distance, words);
	if (status < 0)
		return status;
	return *words ? IMAGENAME_NONE : list_releases(index, name, architecture, words);
}

int imagename_resolve(const struct imageindex *index, const char *name, const char *architecture,
		      const struct image **image, char **words)
{
	struct candidates candidates = {index, name, architecture};
	size_t count;
	int status;

	*words = NULL;
	*image = find(index, name, architecture);
	if (*image)
		return IMAGENAME_FOUND;
	count = count_candidates(&candidates, image);
	if (count > 1)
		*image = find_newest(&candidates);
	if (*image)
		return IMAGENAME_FOUND;
	if (count > 1)
		return list_candidates(&candidates, words);
	status = list_architectures(index, name, words);
	return status == IMAGENAME_NONE ? list_nearest(index, name, architecture, words) : status;
}
