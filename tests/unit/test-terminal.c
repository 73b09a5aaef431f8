/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "base/terminal.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

static void check_printed(const char *text, const char *expected)
{
	char *printed = NULL;
	size_t size;
	FILE *file = open_memstream(&printed, &size);

	if (!file)
		abort();
	terminal_print(file, text, strlen(text));
	fclose(file);
	CHECK_STR(printed, expected);
	free(printed);
}

TEST(test_terminal_print__harms_no_terminal)
{
	check_printed("plain \303\251 \342\202\254", "plain \303\251 \342\202\254");
	check_printed("\033[31mred\a\r\n\177", "\\x1b[31mred\\x07\\x0d\\x0a\\x7f");
	check_printed("C1: \302\233 end", "C1: \\u009b end");
	check_printed("\303\050\377", "\\xc3(\\xff");
	check_printed("\357\277\275", "\357\277\275");
	check_printed("", "");
}

TEST(test_terminal_width__columns_not_bytes)
{
	CHECK_INT(terminal_width("abc", 3), 3);
	CHECK_INT(terminal_width("\303\251\303\251", 4), 2);
	CHECK_INT(terminal_width("e\314\201", 3), 1); /* a combining accent */
	/* two of double width */
	CHECK_INT(terminal_width("\346\274\242\345\255\227", 6), 4);
	CHECK_INT(terminal_width("\377\377", 2), 8); /* \xff\xff */
	CHECK_INT(terminal_width("\342\200\256", 3), 6); /* \u202e */
	CHECK_INT(terminal_width("\357\277\275", 3), 1);
	CHECK_INT(terminal_width("", 0), 0);
}

TEST(test_terminal_fit__whole_characters_alone)
{
	CHECK_INT(terminal_fit("abc", 3, 2), 2);
	CHECK_INT(terminal_fit("abc", 3, 9), 3);
	CHECK_INT(terminal_fit("\303\251\303\251", 4, 1), 2);
	CHECK_INT(terminal_fit("\346\274\242\345\255\227", 6, 3), 3);
	CHECK_INT(terminal_fit("e\314\201x", 4, 1), 3);
	CHECK_INT(terminal_fit("a\033b", 3, 4), 1);
	CHECK_INT(terminal_fit("a\033b", 3, 5), 2);
	CHECK_INT(terminal_fit("abc", 3, 0), 0);
}
