/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "conf/container.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

static bool is_valid(const char *name)
{
	return container_name_valid(name, strlen(name));
}

TEST(test_container_name_valid__accepts_what_the_manual_says)
{
	CHECK(is_valid("debian"));
	CHECK(is_valid("Debian-12.5_arm64"));
	CHECK(is_valid("_"));
	CHECK(is_valid("9"));
	CHECK(is_valid("a.."));
	CHECK(is_valid("a--"));
}

TEST(test_container_name_valid__accepts_no_other_byte)
{
	static const char good[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";

	for (int c = 0; c < 256; c++) {
		char name[] = {'a', (char)c, 'b'};
		bool is_good = c != 0 && strchr(good, c) != NULL;

		CHECK_INT(container_name_valid(name, sizeof(name)), is_good);
		CHECK_INT(container_name_valid(name + 1, 1), is_good && c != '.' && c != '-');
	}
}

TEST(test_container_name_valid__has_48_bytes_at_most)
{
	static const char name[] = "123456789-123456789-123456789-123456789-12345678X";

	CHECK(container_name_valid(name, 48));
	CHECK(!container_name_valid(name, 49));
	CHECK(!container_name_valid(name, 0));
}

/* A path that is built from a name must not lead anywhere else. */
TEST(test_container_name_valid__refuses_parts_of_a_path)
{
	CHECK(!is_valid("."));
	CHECK(!is_valid(".."));
	CHECK(!is_valid(".hidden"));
	CHECK(!is_valid("a/b"));
	CHECK(!is_valid("/"));
	CHECK(!is_valid("-debian"));
	CHECK(!is_valid("a:b"));
	CHECK(!container_name_valid("a\0b", 3));
}

TEST(test_container_name_valid__looks_at_no_more_than_len_bytes)
{
	CHECK(container_name_valid("debian:ls", 6));
	CHECK(!container_name_valid("debian:ls", 7));
}

TEST(test_container_name_valid__is_the_same_in_every_locale)
{
	setlocale(LC_ALL, "");
	CHECK(!is_valid("d\303\251bian"));
	CHECK(!is_valid("d\351bian"));
	setlocale(LC_ALL, "C");
}

static char *copy(const char *text)
{
	char *s = strdup(text);

	if (!s)
		abort();
	return s;
}

TEST(test_container_clear__frees_all_and_can_be_repeated)
{
	struct container c = {
		.name = copy("debian"),
		.path = copy("/srv"),
		.binds = calloc(1, sizeof(struct bind)),
		.bins = calloc(1, sizeof(char *)),
		.env_path = copy("/bin"),
		.interpreter = copy("/usr/bin/qemu"),
	};

	if (!CHECK(c.binds && c.bins))
		abort();
	c.binds[c.bind_count++] = (struct bind){.source = copy("/home"), .target = copy("/home")};
	c.bins[c.bin_count++] = copy("/bin");
	container_clear(&c);
	CHECK(!c.name && !c.binds && c.bind_count == 0 && c.bin_count == 0);
	container_clear(&c);
}
