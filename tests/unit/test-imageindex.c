/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "create/imageindex.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define REST "\t20261127_05:24\t1000\t" HASH "\timages/x/root.tar.xz\n"

static void parse(const char *text, size_t len, struct imageindex *index, int expected)
{
	char *copy = malloc(len + 1);

	if (!copy)
		abort();
	memcpy(copy, text, len);
	copy[len] = '\0';
	CHECK_INT(imageindex_parse(copy, len, index), expected);
}

/* One line is refused, the one before and the one after it are not. */
static void check_refused(const char *line)
{
	struct imageindex index;
	char text[4096];
	int len = snprintf(text, sizeof(text), "a/1\tamd64%s%sz/1\tamd64%s", REST, line, REST);

	parse(text, (size_t)len, &index, 0);
	CHECK_INT(index.count, 2);
	CHECK_INT(index.refused, 1);
	imageindex_clear(&index);
}

TEST(test_imageindex_parse__all_fields)
{
	static const char text[] =
		"debian/trixie,debian/13\tarm64\t20261127_05:24\t104857600\t" HASH
		"\timages/debian/trixie/root.tar.xz\n";
	struct imageindex index;
	char date[16];

	parse(text, sizeof(text) - 1, &index, 0);
	CHECK_INT(index.count, 1);
	CHECK_INT(index.refused, 0);
	CHECK_INT(index.images[0].name_count, 2);
	CHECK_STR(index.images[0].names[0], "debian/trixie");
	CHECK(image_has_name(&index.images[0], "debian/13"));
	CHECK(!image_has_name(&index.images[0], "debian"));
	CHECK_STR(index.images[0].architecture, "arm64");
	CHECK_STR(index.images[0].version, "20261127_05:24");
	CHECK_STR(index.images[0].sha256, HASH);
	CHECK_STR(index.images[0].path, "images/debian/trixie/root.tar.xz");
	CHECK_INT(index.images[0].size, 104857600);
	image_date(&index.images[0], date);
	CHECK_STR(date, "2026-11-27");
	imageindex_clear(&index);
}

TEST(test_imageindex_parse__nothing_is_no_image)
{
	struct imageindex index;

	parse("", 0, &index, 0);
	CHECK_INT(index.count, 0);
	CHECK_INT(index.refused, 0);
	imageindex_clear(&index);
}

TEST(test_imageindex_parse__sorted_as_versions_are)
{
	static const char text[] = "d/10\tarm64" REST "d/9\tamd64" REST "d/10\tamd64" REST
				   "c/1\tamd64" REST;
	struct imageindex index;

	parse(text, sizeof(text) - 1, &index, 0);
	CHECK_INT(index.count, 4);
	CHECK_STR(index.images[0].names[0], "c/1");
	CHECK_STR(index.images[1].names[0], "d/9");
	CHECK_STR(index.images[2].architecture, "amd64");
	CHECK_STR(index.images[3].architecture, "arm64");
	imageindex_clear(&index);
}

TEST(test_imageindex_parse__hostile_names_are_left_out)
{
	static const char text[] =
		"../../etc,/etc,debian/../x,a//b,-rf,a b,a$(id),\033[2J,debian/13,,x/\tamd64" REST;
	struct imageindex index;

	parse(text, sizeof(text) - 1, &index, 0);
	CHECK_INT(index.count, 1);
	CHECK_INT(index.images[0].name_count, 1);
	CHECK_STR(index.images[0].names[0], "debian/13");
	imageindex_clear(&index);
	check_refused("../../etc,\033[2J\tamd64" REST);
	check_refused("\tamd64" REST);
}

TEST(test_imageindex_parse__hostile_fields_refuse_the_image)
{
	check_refused("a/2\t../amd64" REST);
	check_refused("a/2\t" REST);
	check_refused("a/2\tamd64\t../1\t1000\t" HASH "\tx\n");
	check_refused("a/2\tamd64\t1\t-1\t" HASH "\tx\n");
	check_refused("a/2\tamd64\t1\t0\t" HASH "\tx\n");
	check_refused("a/2\tamd64\t1\t1e9\t" HASH "\tx\n");
	check_refused("a/2\tamd64\t1\t9999999999999\t" HASH "\tx\n");
	check_refused("a/2\tamd64\t1\t1000\t0123\tx\n");
	check_refused("a/2\tamd64\t1\t1000\tX" HASH "\tx\n");
	check_refused("a/2\tamd64\t1\t1000\t" HASH "\t../x\n");
	check_refused("a/2\tamd64\t1\t1000\t" HASH "\t/x\n");
	check_refused("a/2\tamd64\t1\t1000\t" HASH "\thttps://x?y\n");
	check_refused("a/2\tamd64\t1\t1000\t" HASH "\n");
	check_refused("a/2\tamd64\t1\t1000\t" HASH "\tx\ty\n");
	check_refused("a/2\n");
	check_refused("\n");
}

TEST(test_imageindex_parse__null_bytes)
{
	static const char text[] = "a/1\0\tamd64" REST "b/1\tamd64" REST "\0\0\0";
	struct imageindex index;

	parse(text, sizeof(text) - 1, &index, 0);
	CHECK_INT(index.count, 1);
	CHECK_INT(index.refused, 2);
	imageindex_clear(&index);
}

TEST(test_imageindex_parse__more_than_any_server_has)
{
	char *text = malloc(IMAGEINDEX_MAX + 1);
	struct imageindex index;

	if (!text)
		abort();
	memset(text, '\n', IMAGEINDEX_MAX);
	text[IMAGEINDEX_MAX] = '\0';
	CHECK_INT(imageindex_parse(text, IMAGEINDEX_MAX, &index), -E2BIG);
	imageindex_clear(&index);
}
