/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "create/imageindex.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/suggest.h"
#include "create/url.h"
#include "pathnames.h"

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" DIGITS

/* The longest name and the longest other word of an image. */
#define NAME_MAX_LEN 120
#define WORD_MAX_LEN 40

/* 256 GiB. */
#define SIZE_DIGITS 12

/* Names that are offered instead of a missing one. */
#define OFFERS_MAX 4

/* "2026-11-28" */
#define DAY_LEN 10

/* More than the tables of distro-info-data have. */
#define COLUMNS_MAX 16

enum field {
	FIELD_NAMES,
	FIELD_ARCHITECTURE,
	FIELD_VERSION,
	FIELD_SIZE,
	FIELD_SHA256,
	FIELD_PATH,
	FIELD_COUNT,
};

const char imageindex_jq_path[] =
	"first(.index[]? | objects | select(.datatype == \"image-downloads\") | .path | strings)";

/*
 * The newest version that has the archive. Products without one are left out.
 */
const char imageindex_jq[] =
	".products[]? | . as $product | try ("
	"[$product.versions | to_entries[] | select(.value.items[\"root.tar.xz\"]?)]"
	" | select(length > 0) | max_by(.key) | .value.items[\"root.tar.xz\"] as $item"
	" | [$product.aliases, $product.arch, .key, $item.size, $item.sha256, $item.path] | @tsv"
	") catch empty";

static bool is_index_word(const char *text, const char *characters, size_t max)
{
	size_t len = strlen(text);

	return len > 0 && len <= max && *text != '.' && *text != '-' &&
	       strspn(text, characters) == len;
}

bool image_name_valid(const char *text)
{
	return is_index_word(text, LETTERS "._+~-/", NAME_MAX_LEN) && url_path_valid(text);
}

static bool is_size(const char *text)
{
	return is_index_word(text, DIGITS, SIZE_DIGITS) && atol(text) > 0;
}

bool image_sha256_valid(const char *text)
{
	return strlen(text) == IMAGE_SHA256_SIZE - 1 &&
	       strspn(text, DIGITS "abcdef") == IMAGE_SHA256_SIZE - 1;
}

/* Adds the valid names of LIST, which are separated by commas; 0 or -ENOMEM. */
static int split_names(char *list, struct image *image)
{
	size_t count = 1;
	char *name, *p, *rest = NULL;

	for (p = list; *p; p++)
		count += *p == ',';
	image->names = calloc(count, sizeof(*image->names));
	if (!image->names)
		return -ENOMEM;
	for (name = strtok_r(list, ",", &rest); name; name = strtok_r(NULL, ",", &rest))
		if (image_name_valid(name))
			image->names[image->name_count++] = name;
	return 0;
}

/* Splits LINE at its tabs. Whether the number of fields is right. */
static bool split_line(char *line, char *fields[FIELD_COUNT])
{
	size_t i;

	for (i = 0; i < FIELD_COUNT; i++)
		fields[i] = strsep(&line, "\t");
	return line == NULL && fields[FIELD_COUNT - 1];
}

static bool are_valid(char *const fields[FIELD_COUNT])
{
	return is_index_word(fields[FIELD_ARCHITECTURE], LETTERS "_-", WORD_MAX_LEN) &&
	       is_index_word(fields[FIELD_VERSION], LETTERS "_:.-", WORD_MAX_LEN) &&
	       is_size(fields[FIELD_SIZE]) && image_sha256_valid(fields[FIELD_SHA256]) &&
	       url_path_valid(fields[FIELD_PATH]);
}

/*
 * LINE has LEN bytes and a null byte; a line with other null bytes is refused.
 */
static int add_line(struct imageindex *index, char *line, size_t len)
{
	struct image *image = &index->images[index->count];
	char *fields[FIELD_COUNT], *copy;
	int status = 0;

	if (asprintf(&copy, "%s\n", line) < 0)
		return -ENOMEM;
	if (strlen(line) == len && split_line(line, fields) && are_valid(fields))
		status = split_names(fields[FIELD_NAMES], image);
	if (image->name_count == 0) {
		free(copy);
		free(image->names);
		*image = (struct image){NULL};
		index->refused++;
		return status;
	}
	image->line = copy;
	image->architecture = fields[FIELD_ARCHITECTURE];
	image->version = fields[FIELD_VERSION];
	image->size = atol(fields[FIELD_SIZE]);
	image->sha256 = fields[FIELD_SHA256];
	image->path = fields[FIELD_PATH];
	index->count++;
	return 0;
}

static int compare_images(const void *a, const void *b)
{
	const struct image *one = a, *other = b;
	int order = strverscmp(one->names[0], other->names[0]);

	if (order == 0)
		order = strcmp(one->architecture, other->architecture);
	return order ? order : strcmp(other->version, one->version);
}

static size_t count_lines(const char *text, size_t len)
{
	size_t i, count = 1;

	for (i = 0; i < len; i++)
		count += text[i] == '\n';
	return count;
}

int imageindex_parse(char *text, size_t len, struct imageindex *index)
{
	size_t lines = count_lines(text, len);
	char *line = text, *end;
	int status = 0;

	*index = (struct imageindex){.text = text};
	if (lines > IMAGEINDEX_MAX)
		return -E2BIG;
	index->images = calloc(lines, sizeof(*index->images));
	if (!index->images)
		return -ENOMEM;
	while (status == 0 && line < text + len) {
		end = memchr(line, '\n', (size_t)(text + len - line));
		if (!end)
			end = text + len;
		*end = '\0';
		status = add_line(index, line, (size_t)(end - line));
		line = end + 1;
	}
	qsort(index->images, index->count, sizeof(*index->images), compare_images);
	return status;
}

void imageindex_clear(struct imageindex *index)
{
	size_t i;

	for (i = 0; i < index->count; i++) {
		free(index->images[i].names);
		free(index->images[i].line);
	}
	free(index->images);
	free(index->text);
	*index = (struct imageindex){NULL};
}

bool image_has_name(const struct image *image, const char *name)
{
	size_t i;

	for (i = 0; i < image->name_count; i++)
		if (strcmp(image->names[i], name) == 0)
			return true;
	return false;
}

const char *image_name(const struct image *image)
{
	const char *shortest = image->names[0];
	size_t i;

	for (i = 1; i < image->name_count; i++)
		if (strlen(image->names[i]) < strlen(shortest))
			shortest = image->names[i];
	return shortest;
}

void image_date(const struct image *image, char date[16])
{
	const char *version = image->version;

	if (strspn(version, DIGITS) == 8)
		snprintf(date, 16, "%.4s-%.2s-%.2s", version, version + 4, version + 6);
	else
		snprintf(date, 16, "%.15s", version);
}

/*
 * The image that a name means.
 */

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

int image_add_word(char **list, const char *word)
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
		status = image_add_word(words, word);
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

const struct image *imageindex_find_newest(const struct imageindex *index, const char *distribution,
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
		image = imageindex_find_newest(query->index, query->name, query->architecture,
					       table, today);
	fclose(table);
	return image;
}

int imageindex_find(const struct imageindex *index, const char *name, const char *architecture,
		    const struct image **image, char **words)
{
	const struct query query = {index, name, architecture, 0};
	size_t count;
	int status;

	*words = NULL;
	*image = find_image_named(&query, name);
	if (*image)
		return IMAGEINDEX_FOUND;
	count = count_releases(&query, image);
	if (count > 1)
		*image = find_newest(&query);
	if (*image)
		return IMAGEINDEX_FOUND;
	if (count > 1) {
		status = list_words(&query, release_word, SIZE_MAX, words);
		return status < 0 ? status : IMAGEINDEX_SEVERAL;
	}
	status = list_words(&query, architecture_word, SIZE_MAX, words);
	if (status < 0 || *words)
		return status < 0 ? status : IMAGEINDEX_ELSEWHERE;
	status = list_offers(&query, words);
	return status < 0 ? status : IMAGEINDEX_NONE;
}
