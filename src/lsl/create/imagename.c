/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "create/imagename.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/suggest.h"
#include "pathnames.h"

/* Names that are offered instead of a missing one. */
#define OFFERS_MAX 4

/* "2026-11-28" */
#define DAY_LEN 10

/* More than the tables of distro-info-data have. */
#define COLUMNS_MAX 16

/* A name, or a distribution, and what is known of the images that it means. */
struct query {
	const struct imageindex *index;
	const char *name, *architecture;
	size_t distance; /* of nearest_word */
};

static const struct image *find_image_named(const struct query *query, const char *name)
{
	const struct image *image;
	size_t i;

	for (i = 0; i < query->index->count; i++) {
		image = &query->index->images[i];
		if (strcmp(image->architecture, query->architecture) == 0 &&
		    image_has_name(image, name))
			return image;
	}
	return NULL;
}

/*
 * Lists of words.
 */

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

/* The word that a list has of an image; NULL: none. */
typedef const char *word_of(const struct image *image, const struct query *query);

/* Makes the list of the words of the first MOST images that have one. */
static int list_words(const struct query *query, word_of *find_word, size_t most, char **words)
{
	const char *word;
	size_t i, count = 0;
	int status = 0;

	for (i = 0; i < query->index->count && count < most && status == 0; i++) {
		word = find_word(&query->index->images[i], query);
		if (!word)
			continue;
		status = add_word(words, word);
		count++;
	}
	return status;
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

static const char *release_word(const struct image *image, const struct query *query)
{
	return strcmp(image->architecture, query->architecture) == 0
		       ? release_name(image, query->name)
		       : NULL;
}

static const char *architecture_word(const struct image *image, const struct query *query)
{
	return image_has_name(image, query->name) || release_name(image, query->name)
		       ? image->architecture
		       : NULL;
}

/* The nearest name of IMAGE, if it is at that distance. */
static const char *nearest_word(const struct image *image, const struct query *query)
{
	const char *nearest = NULL;
	size_t i, distance, least = SUGGEST_MAX;

	if (strcmp(image->architecture, query->architecture) != 0)
		return NULL;
	for (i = 0; i < image->name_count; i++) {
		distance = suggest_distance(image->names[i], query->name);
		if (distance < least) {
			least = distance;
			nearest = image->names[i];
		}
	}
	return least == query->distance ? nearest : NULL;
}

/* Lists names that are spelled alike, or other releases of the distribution. */
static int list_offers(const struct query *wanted, char **words)
{
	struct query query = *wanted;
	char *distribution;
	int status = 0;

	for (query.distance = 1; suggest_is_near(query.distance) && !*words && status == 0;
	     query.distance++)
		status = list_words(&query, nearest_word, OFFERS_MAX, words);
	if (status < 0 || *words)
		return status;
	distribution = strndup(query.name, strcspn(query.name, "/"));
	if (!distribution)
		return -ENOMEM;
	query.name = distribution;
	status = list_words(&query, release_word, SIZE_MAX, words);
	free(distribution);
	return status;
}

/*
 * A name without a release.
 */

/* The number of releases, and the last of them. */
static size_t count_releases(const struct query *query, const struct image **last)
{
	size_t i, count = 0;

	for (i = 0; i < query->index->count; i++) {
		if (!release_word(&query->index->images[i], query))
			continue;
		*last = &query->index->images[i];
		count++;
	}
	return count;
}

static size_t split_row(char *line, char *fields[COLUMNS_MAX])
{
	size_t count = 0;

	line[strcspn(line, "\r\n")] = '\0';
	while (line && count < COLUMNS_MAX)
		fields[count++] = strsep(&line, ",");
	return count;
}

static const struct image *find_release(const struct query *query, const char *series)
{
	const struct image *image;
	char *name;

	if (asprintf(&name, "%s/%s", query->name, series) < 0)
		return NULL;
	image = find_image_named(query, name);
	free(name);
	return image;
}

const struct image *imagename_newest(const struct imageindex *index, const char *distribution,
				     const char *architecture, FILE *table, const char *today)
{
	const struct query query = {index, distribution, architecture, 0};
	char line[1024], newest[DAY_LEN + 1] = "", *fields[COLUMNS_MAX];
	size_t i, count, series = COLUMNS_MAX, release = COLUMNS_MAX;
	const struct image *image, *found = NULL;

	count = fgets(line, sizeof(line), table) ? split_row(line, fields) : 0;
	for (i = 0; i < count; i++) {
		if (strcmp(fields[i], "series") == 0)
			series = i;
		if (strcmp(fields[i], "release") == 0)
			release = i;
	}
	while (fgets(line, sizeof(line), table)) {
		count = split_row(line, fields);
		if (series >= count || release >= count || strlen(fields[release]) != DAY_LEN ||
		    strcmp(fields[release], today) > 0 || strcmp(fields[release], newest) <= 0)
			continue;
		image = find_release(&query, fields[series]);
		if (!image)
			continue;
		found = image;
		strcpy(newest, fields[release]);
	}
	return found;
}

static const struct image *find_newest(const struct query *query)
{
	char path[PATH_MAX], today[16];
	const struct image *image = NULL;
	time_t now = time(NULL);
	struct tm tm;
	FILE *table;

	if (strchr(query->name, '/') || *query->name == '.' ||
	    snprintf(path, sizeof(path), "%s/%s.csv", PATH_DISTRO_INFO, query->name) >=
		    (int)sizeof(path))
		return NULL;
	table = fopen(path, "re");
	if (!table)
		return NULL;
	if (gmtime_r(&now, &tm) && strftime(today, sizeof(today), "%Y-%m-%d", &tm))
		image = imagename_newest(query->index, query->name, query->architecture, table,
					 today);
	fclose(table);
	return image;
}

int imagename_resolve(const struct imageindex *index, const char *name, const char *architecture,
		      const struct image **image, char **words)
{
	const struct query query = {index, name, architecture, 0};
	size_t count;
	int status;

	*words = NULL;
	*image = find_image_named(&query, name);
	if (*image)
		return IMAGENAME_FOUND;
	count = count_releases(&query, image);
	if (count > 1)
		*image = find_newest(&query);
	if (*image)
		return IMAGENAME_FOUND;
	if (count > 1) {
		status = list_words(&query, release_word, SIZE_MAX, words);
		return status < 0 ? status : IMAGENAME_SEVERAL;
	}
	status = list_words(&query, architecture_word, SIZE_MAX, words);
	if (status < 0 || *words)
		return status < 0 ? status : IMAGENAME_ELSEWHERE;
	status = list_offers(&query, words);
	return status < 0 ? status : IMAGENAME_NONE;
}
