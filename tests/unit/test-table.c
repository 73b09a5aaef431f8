/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "base/table.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

static const struct table_column columns[] = {
	{"NAME", false, true},
	{"COUNT", true, false},
	{"PATH", false, true},
};

static struct table *new_table(void)
{
	struct table *table = table_new(columns, 3);

	if (!table)
		abort();
	return table;
}

static void check_table(struct table *table, size_t width, bool has_colour, const char *expected)
{
	struct terminal terminal = {.width = width, .has_colour = has_colour};
	char *printed = NULL;
	size_t size;
	FILE *file = open_memstream(&printed, &size);

	if (!file)
		abort();
	CHECK_INT(table_print(table, file, &terminal), 0);
	fclose(file);
	CHECK_STR(printed, expected);
	free(printed);
	table_free(table);
}

TEST(test_table__columns_are_as_wide_as_their_cells)
{
	struct table *table = new_table();

	table_add(table, "debian", STYLE_PLAIN);
	table_add_count(table, 12345678);
	table_add(table, "/srv/rootfs/debian", STYLE_PLAIN);
	table_add(table, "a", STYLE_PLAIN);
	table_add_count(table, 0);
	table_add(table, NULL, STYLE_PLAIN);
	check_table(table, 0, false,
		    "NAME       COUNT  PATH\n"
		    "debian  12345678  /srv/rootfs/debian\n"
		    "a              0  -\n");
}

TEST(test_table__titles_alone)
{
	check_table(new_table(), 0, false, "NAME  COUNT  PATH\n");
}

TEST(test_table__what_is_unknown_is_a_dash)
{
	struct table *table = new_table();

	table_add(table, NULL, STYLE_PLAIN);
	table_add_count(table, -2);
	table_add(table, "", STYLE_PLAIN);
	check_table(table, 0, false, "NAME  COUNT  PATH\n-         -  \n");
}

static struct table *wide_table(void)
{
	struct table *table = new_table();

	table_add(table, "a-name-of-20-letters", STYLE_PLAIN);
	table_add_count(table, 7);
	table_add(table, "/a/path/of/thirty/letters/long", STYLE_PLAIN);
	return table;
}

TEST(test_table__no_terminal_cuts_nothing)
{
	check_table(wide_table(), 0, false,
		    "NAME                  COUNT  PATH\n"
		    "a-name-of-20-letters      7  /a/path/of/thirty/letters/long\n");
}

TEST(test_table__fits_a_terminal)
{
	/*
	 * 20 + 2 + 5 + 2 + 30 = 59: a terminal of exactly that width needs no
	 * cut.
	 */
	check_table(wide_table(), 59, false,
		    "NAME                  COUNT  PATH\n"
		    "a-name-of-20-letters      7  /a/path/of/thirty/letters/long\n");
	check_table(wide_table(), 58, false,
		    "NAME                  COUNT  PATH\n"
		    "a-name-of-20-letters      7  /a/path/of/thirty/letters/...\n");
	/* The widest first, then both. */
	check_table(wide_table(), 39, false,
		    "NAME             COUNT  PATH\n"
		    "a-name-of-20...      7  /a/path/of/t...\n");
	/* Less than eight columns say nothing. */
	check_table(wide_table(), 10, false,
		    "NAME      COUNT  PATH\n"
		    "a-nam...      7  /a/pa...\n");
}

TEST(test_table__wide_characters_keep_the_columns)
{
	struct table *table = new_table();

	table_add(table, "\346\274\242\345\255\227", STYLE_PLAIN);
	table_add_count(table, 1);
	table_add(table, "x\033\377", STYLE_PLAIN);
	check_table(table, 0, false,
		    "NAME  COUNT  PATH\n\346\274\242\345\255\227      1  x\\x1b\\xff\n");
}

TEST(test_table__colours_take_no_columns)
{
	struct table *table = new_table();

	table_add(table, "a", STYLE_BAD);
	table_add_count(table, 1);
	table_add(table, "b", STYLE_PLAIN);
	check_table(table, 80, true,
		    "\033[1mNAME\033[0m  \033[1mCOUNT\033[0m  \033[1mPATH\033[0m\n"
		    "\033[31ma\033[0m         1  b\n");
	table = new_table();
	table_add(table, "a", STYLE_BAD);
	table_add_count(table, 1);
	table_add(table, "b", STYLE_PLAIN);
	check_table(table, 80, false, "NAME  COUNT  PATH\na         1  b\n");
}
