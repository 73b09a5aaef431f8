/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "create/imageindex.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "create/url.h"

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" DIGITS

/* The longest name and the longest other word of an image. */
#define NAME_MAX_LEN 120
#define WORD_MAX_LEN 40

/* 256 GiB. */
#define SIZE_DIGITS 12

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

static bool is_word(const char *text, const char *characters, size_t max)
{
	size_t len = strlen(text);

	return len > 0 && len <= max && *text != '.' && *text != '-' &&
	       strspn(text, characters) == len;
}

bool image_name_valid(const char *text)
{
	return is_word(text, LETTERS "._+~-/", NAME_MAX_LEN) && url_path_valid(text);
}

static bool is_size(const char *text)
{
	return is_word(text, DIGITS, SIZE_DIGITS) && atol(text) > 0;
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
	return is_word(fields[FIELD_ARCHITECTURE], LETTERS "_-", WORD_MAX_LEN) &&
	       is_word(fields[FIELD_VERSION], LETTERS "_:.-", WORD_MAX_LEN) &&
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

	if (strspn(version, DIGITS) == 8) {
		memcpy(date, version, 4);
		date[4] = '-';
		memcpy(date + 5, version + 4, 2);
		date[7] = '-';
		memcpy(date + 8, version + 6, 2);
		date[10] = '\0';
		return;
	}
	strncpy(date, version, 15);
	date[15] = '\0';
}
