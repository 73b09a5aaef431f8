/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

TEST(test_utf8_decode__takes_whole_characters)
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

TEST(test_utf8_decode__one_byte_of_what_is_none)
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

TEST(test_utf8_decode__reads_no_byte_past_the_end)
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
