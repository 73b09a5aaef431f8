/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "create/imageindex.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "create/archname.h"
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

static const char offered[] = "rolling,rolling/current\tamd64\t20261127_05:24\t1000\t" HASH "\tr\n"
			      "one/7,one/7/default\tamd64\t20261127_05:24\t1000\t" HASH "\to\n"
			      "one/7/cloud\tamd64\t20261127_05:24\t1000\t" HASH "\to\n"
			      "two/early,two/1\tamd64\t20261127_05:24\t1000\t" HASH "\tt\n"
			      "two/late,two/2\tamd64\t20261127_05:24\t1000\t" HASH "\tt\n"
			      "two/late,two/2\tarm64\t20261127_05:24\t1000\t" HASH "\tt\n"
			      "far/3\tarm64\t20261127_05:24\t1000\t" HASH "\tf\n";

static void check_resolved(const char *name, const char *architecture, int expected,
			   const char *what)
{
	struct imageindex index;
	const struct image *image = NULL;
	char *words = NULL, *text = strdup(offered);

	if (!text || imageindex_parse(text, strlen(text), &index) < 0)
		abort();
	CHECK_INT(imageindex_find(&index, name, architecture, &image, &words), expected);
	CHECK_STR(image ? image->names[0] : words ? words : "", what);
	if (image)
		CHECK_STR(image->architecture, architecture);
	free(words);
	imageindex_clear(&index);
}

TEST(test_imageindex_find__by_any_of_its_names)
{
	check_resolved("two/early", "amd64", IMAGEINDEX_FOUND, "two/early");
	check_resolved("two/1", "amd64", IMAGEINDEX_FOUND, "two/early");
	check_resolved("one/7/cloud", "amd64", IMAGEINDEX_FOUND, "one/7/cloud");
	check_resolved("rolling", "amd64", IMAGEINDEX_FOUND, "rolling");
}

TEST(test_imageindex_find__for_the_architecture)
{
	check_resolved("two/2", "arm64", IMAGEINDEX_FOUND, "two/late");
	check_resolved("two", "arm64", IMAGEINDEX_FOUND, "two/late");
	check_resolved("two/1", "arm64", IMAGEINDEX_ELSEWHERE, "amd64");
	check_resolved("far", "amd64", IMAGEINDEX_ELSEWHERE, "arm64");
	check_resolved("two/2", "s390x", IMAGEINDEX_ELSEWHERE, "amd64, arm64");
}

TEST(test_imageindex_find__the_only_release)
{
	check_resolved("one", "amd64", IMAGEINDEX_FOUND, "one/7");
}

TEST(test_imageindex_find__several_releases)
{
	check_resolved("two", "amd64", IMAGEINDEX_SEVERAL, "two/early, two/late");
}

TEST(test_imageindex_find__nearest_names)
{
	check_resolved("two/3", "amd64", IMAGEINDEX_NONE, "two/1, two/2");
	check_resolved("tow/early", "amd64", IMAGEINDEX_NONE, "two/early");
	check_resolved("rollling", "amd64", IMAGEINDEX_NONE, "rolling");
	check_resolved("two/unknown", "amd64", IMAGEINDEX_NONE, "two/early, two/late");
	check_resolved("nothing-like-it", "amd64", IMAGEINDEX_NONE, "");
	check_resolved("../../etc/passwd", "amd64", IMAGEINDEX_NONE, "");
}

/* The release that is found, of all that are OFFERED. */
static void check_newest(const char *table, const char *today, const char *offered_series,
			 const char *expected)
{
	char copy[1024], *text = NULL, *series, *rest = NULL, *list = strdup(offered_series);
	const struct image *image;
	struct imageindex index;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	if (!list || !file)
		abort();
	for (series = strtok_r(list, " ", &rest); series; series = strtok_r(NULL, " ", &rest))
		fprintf(file, "d/%s\tamd64\t20261127_05:24\t1000\t" HASH "\tx\n", series);
	if (fclose(file) != 0 || imageindex_parse(text, size, &index) < 0)
		abort();
	snprintf(copy, sizeof(copy), "%s", table);
	file = fmemopen(copy, strlen(copy), "r");
	if (!file)
		abort();
	image = imageindex_find_newest(&index, "d", "amd64", file, today);
	CHECK_STR(image ? image->names[0] + strlen("d/") : "none", expected);
	fclose(file);
	imageindex_clear(&index);
	free(list);
}

TEST(test_imageindex_find_newest__released_last)
{
	static const char table[] = "version,codename,series,created,release,eol\n"
				    "12,Bookworm,bookworm,2021-08-14,2023-06-10,2026-07-11\n"
				    "13,Trixie,trixie,2023-06-10,2025-08-09,2028-08-09\n"
				    "14,Forky,forky,2025-08-09\n"
				    ",Sid,sid,1993-08-16\n"
				    "\n";
	static const char all[] = "bookworm trixie forky sid";

	check_newest(table, "2026-11-28", all, "trixie");
	check_newest(table, "2025-08-09", all, "trixie");
	check_newest(table, "2025-08-08", all, "bookworm");
	check_newest(table, "2026-11-28", "bookworm forky sid", "bookworm");
	check_newest(table, "2001-01-01", all, "none");
}

TEST(test_imageindex_find_newest__columns_by_their_titles)
{
	check_newest("release,series\n2020-01-01,old\n2021-01-01,new\n", "2026-11-28",
		     "old new soon y z", "new");
	check_newest("release,name\n2020-01-01,old\n", "2026-11-28", "old new soon y z", "none");
	check_newest("\n", "2026-11-28", "old new soon y z", "none");
	check_newest("series,release\nx,soon\ny,\n,2020-01-01\nz\n", "2026-11-28",
		     "old new soon y z", "none");
}

TEST(test_archname_find__by_any_of_its_names)
{
	CHECK_STR(archname_find("amd64")->qemu, "x86_64");
	CHECK_STR(archname_find("x86_64")->debian, "amd64");
	CHECK_STR(archname_find("aarch64")->debian, "arm64");
	CHECK_STR(archname_find("armv7l")->debian, "armhf");
	CHECK_STR(archname_find("arm")->go_variant, "v7");
	CHECK_STR(archname_find("386")->debian, "i386");
	CHECK_STR(archname_find("ppc64le")->debian, "ppc64el");
	CHECK(!archname_find("pdp11"));
	CHECK(!archname_find(""));
}
