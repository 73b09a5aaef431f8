/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

static void test_utf8_decode__takes_whole_characters(void)
{
	static const struct {
		const char *text;
		size_t bytes;
		uint32_t code;
	} cases[] = {
		{"a", 1, 'a'},
		{"\177", 1, 0x7f},
		{"\302\200", 2, 0x80},
		{"\303\251x", 2, 0xe9},
		{"\337\277", 2, 0x7ff},
		{"\340\240\200", 3, 0x800},
		{"\342\202\254", 3, 0x20ac},
		{"\355\237\277", 3, 0xd7ff},
		{"\357\277\275", 3, 0xfffd},
		{"\360\220\200\200", 4, 0x10000},
		{"\364\217\277\277", 4, 0x10ffff},
	};
	uint32_t code;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_INT(utf8_decode(cases[i].text, strlen(cases[i].text), &code), cases[i].bytes);
		CHECK_INT(code, cases[i].code);
	}
}

static void test_utf8_decode__one_byte_of_what_is_none(void)
{
	static const char *const cases[] = {
		"\200",
		"\277",
		"\377",
		"\300\200", /* overlong */
		"\301\277",
		"\340\200\200",
		"\340\237\277",
		"\360\200\200\200",
		"\355\240\200",
		/* a surrogate */ "\364\220\200\200", /* past the last one */
		"\370\210\200\200",
		"\303x",
		"\342\202x",
		"\303\303",
	};
	uint32_t code;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_INT(utf8_decode(cases[i], strlen(cases[i]), &code), 1);
		CHECK_INT(code, UTF8_REPLACEMENT);
	}
}

static void test_utf8_decode__reads_no_byte_past_the_end(void)
{
	static const char text[] = "\360\220\200\200";
	uint32_t code;
	char *exact;

	for (size_t len = 1; len < 4; len++) {
		exact = malloc(len);
		if (!exact)
			abort();
		memcpy(exact, text, len);
		CHECK_INT(utf8_decode(exact, len, &code), 1);
		CHECK_INT(code, UTF8_REPLACEMENT);
		free(exact);
	}
}

static void check_printed(const char *text, const char *expected)
{
	char *printed = NULL;
	size_t size;
	FILE *file = open_memstream(&printed, &size);

	if (!file)
		abort();
	utf8_print(file, text, strlen(text));
	fclose(file);
	CHECK_STR(printed, expected);
	free(printed);
}

static void test_utf8_print__harms_no_terminal(void)
{
	check_printed("plain \303\251 \342\202\254", "plain \303\251 \342\202\254");
	check_printed("\033[31mred\a\r\n\177", "?[31mred????");
	check_printed("C1: \302\233 end", "C1: ? end");
	check_printed("\303\050\377", "?(?");
	check_printed("\357\277\275", "\357\277\275");
	check_printed("", "");
}

static void test_utf8_width__columns_not_bytes(void)
{
	CHECK_INT(utf8_width("abc", 3), 3);
	CHECK_INT(utf8_width("\303\251\303\251", 4), 2);
	CHECK_INT(utf8_width("e\314\201", 3), 1); /* a combining accent */
	CHECK_INT(utf8_width("\346\274\242\345\255\227", 6), 4); /* two of double width */
	CHECK_INT(utf8_width("\377\377", 2), 2);
	CHECK_INT(utf8_width("", 0), 0);
}

static void test_utf8_fit__whole_characters_alone(void)
{
	CHECK_INT(utf8_fit("abc", 3, 2), 2);
	CHECK_INT(utf8_fit("abc", 3, 9), 3);
	CHECK_INT(utf8_fit("\303\251\303\251", 4, 1), 2);
	CHECK_INT(utf8_fit("\346\274\242\345\255\227", 6, 3), 3);
	CHECK_INT(utf8_fit("e\314\201x", 4, 1), 3);
	CHECK_INT(utf8_fit("abc", 3, 0), 0);
}

int main(void)
{
	static const struct unit_test tests[] = {
		TEST(test_utf8_decode__takes_whole_characters),
		TEST(test_utf8_decode__one_byte_of_what_is_none),
		TEST(test_utf8_decode__reads_no_byte_past_the_end),
		TEST(test_utf8_print__harms_no_terminal),
		TEST(test_utf8_width__columns_not_bytes),
		TEST(test_utf8_fit__whole_characters_alone),
	};

	return unit_run(tests, sizeof(tests) / sizeof(tests[0]));
}
