/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "create/imagename.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "create/archname.h"
#include "unit.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

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
	CHECK_INT(imagename_resolve(&index, name, architecture, &image, &words), expected);
	CHECK_STR(image ? image->names[0] : words ? words : "", what);
	if (image)
		CHECK_STR(image->architecture, architecture);
	free(words);
	imageindex_clear(&index);
}

TEST(test_imagename_resolve__by_any_of_its_names)
{
	check_resolved("two/early", "amd64", IMAGENAME_FOUND, "two/early");
	check_resolved("two/1", "amd64", IMAGENAME_FOUND, "two/early");
	check_resolved("one/7/cloud", "amd64", IMAGENAME_FOUND, "one/7/cloud");
	check_resolved("rolling", "amd64", IMAGENAME_FOUND, "rolling");
}

TEST(test_imagename_resolve__for_the_architecture)
{
	check_resolved("two/2", "arm64", IMAGENAME_FOUND, "two/late");
	check_resolved("two", "arm64", IMAGENAME_FOUND, "two/late");
	check_resolved("two/1", "arm64", IMAGENAME_ELSEWHERE, "amd64");
	check_resolved("far", "amd64", IMAGENAME_ELSEWHERE, "arm64");
	check_resolved("two/2", "s390x", IMAGENAME_ELSEWHERE, "amd64, arm64");
}

TEST(test_imagename_resolve__the_only_release)
{
	check_resolved("one", "amd64", IMAGENAME_FOUND, "one/7");
}

TEST(test_imagename_resolve__several_releases)
{
	check_resolved("two", "amd64", IMAGENAME_SEVERAL, "two/early, two/late");
}

TEST(test_imagename_resolve__nearest_names)
{
	check_resolved("two/3", "amd64", IMAGENAME_NONE, "two/1, two/2");
	check_resolved("tow/early", "amd64", IMAGENAME_NONE, "two/early");
	check_resolved("rollling", "amd64", IMAGENAME_NONE, "rolling");
	check_resolved("two/unknown", "amd64", IMAGENAME_NONE, "two/early, two/late");
	check_resolved("nothing-like-it", "amd64", IMAGENAME_NONE, "");
	check_resolved("../../etc/passwd", "amd64", IMAGENAME_NONE, "");
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
	image = imagename_newest(&index, "d", "amd64", file, today);
	CHECK_STR(image ? image->names[0] + strlen("d/") : "none", expected);
	fclose(file);
	imageindex_clear(&index);
	free(list);
}

TEST(test_imagename_newest__released_last)
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

TEST(test_imagename_newest__columns_by_their_titles)
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
