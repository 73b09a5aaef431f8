/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "sopage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tree.h"
#include "unit.h"

/*
 * A page in memory of exactly its size and a NUL, so that checkers see who
 * leaves it.
 */
static char *page_of(const char *bytes, size_t size)
{
	char *page = malloc(size + 1);

	tree_require(page, "memory");
	memcpy(page, bytes, size);
	page[size] = '\0';
	return page;
}

/* That TEXT, called NAME in man1 of the container c, becomes EXPECTED. */
static void check_text(const char *name, const char *text, const char *expected)
{
	size_t size = strlen(text);
	char *page = page_of(text, size);

	CHECK_INT(sopage_rewrite(&page, &size, "c", "1", name), 0);
	if (!CHECK(size == strlen(expected) && memcmp(page, expected, size) == 0))
		printf("of \"%s\" came \"%.*s\"\n", text, (int)size, page);
	free(page);
}

TEST(test_sopage_rewrite__names_pages_as_they_are_called_here)
{
	check_text("a.1", ".so man3/b.3\n", ".so man3/c:b.3\n");
	check_text("a.1", ".so man3/b.3", ".so man3/c:b.3\n");
	check_text("a.1", ".so b.1\n", ".so man1/c:b.1\n");
	check_text("a.1", ".so ../man1/b.1\n", ".so man1/c:b.1\n");
	check_text("a.1", ".so /usr/share/man/man1/b.1\n", ".so man1/c:b.1\n");
	check_text("a.1", ".so other/b.1\n", ".so man1/c:b.1\n");
	check_text("a.1", "'so b.1\n", ".so man1/c:b.1\n");
	check_text("a.1", ".  so\tb.1 rest\n", ".so man1/c:b.1\n");
	check_text("a.1", ".\\\" x\n.so b.1\n.so d.1\nx\n",
		   ".\\\" x\n.so man1/c:b.1\n.so man1/c:d.1\nx\n");
}

TEST(test_sopage_rewrite__leaves_out_what_is_no_page)
{
	check_text("a.1", ".so\n", "");
	check_text("a.1", ".so  \n", "");
	check_text("a.1", ".so /etc/passwd\n", "");
	check_text("a.1", ".so man1/\n", "");
	check_text("a.1", ".so man1/$(id).1\n", "");
	check_text("a.1", ".so man1/.1\n", "");
	check_text("a.1", ".so man_x/a.1\nx\n", "x\n");
}

TEST(test_sopage_rewrite__leaves_other_pages_alone)
{
	check_text("a.1", "", "");
	check_text("a.1", "x", "x");
	check_text("a.1", ".TH x\n.sox\nso b.1\n..so b.1\n", ".TH x\n.sox\nso b.1\n..so b.1\n");
	check_text("a.1.gz", ".so b.1\n", ".so b.1\n");
	check_text("a.1.xz", ".so b.1\n", ".so b.1\n");
	check_text("a.1.gz", "\037\213\010", "\037\213\010");
}

TEST(test_sopage_rewrite__makes_comments_in_a_large_page)
{
	char text[SOPAGE_MAX + 200], expected[sizeof(text)];
	size_t size;
	char *page;

	memset(text, '.', sizeof(text));
	memcpy(text, ".so x\n", 6);
	memcpy(text + SOPAGE_MAX, "\n.so y\n'so z\n.sox\n", 18);
	memcpy(text + sizeof(text) - 4, "\n.so", 4);
	memcpy(expected, text, sizeof(text));
	memcpy(expected, ".\\\" x\n", 6);
	memcpy(expected + SOPAGE_MAX, "\n.\\\" y\n.\\\" z\n.sox\n", 18);
	size = sizeof(text);
	page = page_of(text, size);
	CHECK_INT(sopage_rewrite(&page, &size, "c", "1", "a.1"), 0);
	CHECK_INT(size, sizeof(text));
	CHECK(memcmp(page, expected, size) == 0);
	free(page);
}

/* gzip -9n of ".so man1/paint.1\n", as gzip 1.12 writes it. */
static const char packed[] =
	"\037\213\010\000\000\000\000\000\002\003\323\053\316\127\310\115\314\063\324\057\110"
	"\314\314\053\321\063\344\002\000\143\262\211\321\021\000\000\000";

TEST(test_sopage_rewrite__reads_what_gzip_made_of_a_line)
{
	static const char expected[] = ".so man1/c:paint.1\n";
	size_t size = sizeof(packed) - 1, length = sizeof(expected) - 1;
	char *page = page_of(packed, size);

	CHECK_INT(sopage_rewrite(&page, &size, "c", "1", "a.1.gz"), 0);
	/* A header, a block that is stored, a checksum. */
	if (CHECK_INT(size, 10 + 5 + length + 8))
		CHECK(memcmp(page + 15, expected, length) == 0);
	free(page);
}

/*
 * Each byte of it is changed, and it is cut at each place: it may be read
 * wrongly, but nothing else.
 */
TEST(test_sopage_rewrite__survives_any_compressed_page)
{
	size_t i, size;
	char *page;
	int byte;

	for (i = 0; i < sizeof(packed) - 1; i++) {
		for (byte = 0; byte < 256; byte++) {
			size = sizeof(packed) - 1;
			page = page_of(packed, size);
			page[i] = (char)byte;
			CHECK_INT(sopage_rewrite(&page, &size, "c", "1", "a.1.gz"), 0);
			free(page);
		}
		size = i;
		page = page_of(packed, size);
		CHECK_INT(sopage_rewrite(&page, &size, "c", "1", "a.1.gz"), 0);
		free(page);
	}
}

TEST(test_sopage_name_valid__takes_plain_names_with_a_section)
{
	static const char *const good[] = {"ls.1",     "ls.1.gz",  "[.1.gz",
					   "a::b.3pm", "g++-12.1", "a@b.5"};
	static const char *const bad[] = {"",      "ls",     ".1",   "-a.1", "a b.1", "a\n.1",
					  "a/b.1", "$(x).1", "`.1`", "a;.1", "a*.1",  "\303\244.1"};
	char name[300];
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		CHECK(sopage_name_valid(good[i]));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(!sopage_name_valid(bad[i]));
	memset(name, 'a', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	name[10] = '.';
	CHECK(!sopage_name_valid(name));
}
