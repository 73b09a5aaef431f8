/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "visible.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "utf8.h"

static void check_shown(const char *text, const char *expected)
{
	char shown[256];

	CHECK_INT(visible_copy(shown, sizeof(shown), text, strlen(text)), strlen(expected));
	CHECK_STR(shown, expected);
}

TEST(test_visible_copy__leaves_text_alone)
{
	check_shown("", "");
	check_shown("/srv/rootfs/debian: \"it's\" 100%", "/srv/rootfs/debian: \"it's\" 100%");
	check_shown("caf\303\251 \342\202\254 \360\237\220\247",
		    "caf\303\251 \342\202\254 \360\237\220\247");
	check_shown("\357\277\275", "\357\277\275");
	check_shown("\\ \\n C:\\temp\\", "\\ \\n C:\\temp\\");
}

TEST(test_visible_copy__shows_control_characters)
{
	check_shown("\001\n\t\033[2J\037\177", "\\x01\\x0a\\x09\\x1b[2J\\x1f\\x7f");
	check_shown("\302\200\302\233\302\237", "\\u0080\\u009b\\u009f");
	check_shown("\342\200\250\342\200\251", "\\u2028\\u2029");
	check_shown("\357\273\277", "\\ufeff");
}

TEST(test_visible_copy__shows_controls_of_direction)
{
	check_shown("\330\234", "\\u061c");
	check_shown("\342\200\216\342\200\217", "\\u200e\\u200f");
	check_shown("\342\200\252\342\200\256", "\\u202a\\u202e");
	check_shown("\342\201\246\342\201\251", "\\u2066\\u2069");
}

TEST(test_visible_copy__shows_bytes_that_are_no_utf8)
{
	check_shown("\233\377x", "\\x9b\\xffx");
	check_shown("cut \342\202", "cut \\xe2\\x82");
	check_shown("\300\212", "\\xc0\\x8a"); /* an overlong newline */
	check_shown("\355\240\200", "\\xed\\xa0\\x80");
}

TEST(test_visible_copy__is_not_to_be_counterfeited)
{
	check_shown("\\x1b", "\\x5cx1b");
	check_shown("\\u202e", "\\x5cu202e");
	check_shown("\\\\x1b", "\\\\x5cx1b");
	check_shown("\\\033", "\\\\x1b");
}

TEST(test_visible_copy__cuts_between_characters)
{
	char shown[7];

	memset(shown, 'z', sizeof(shown));
	CHECK_INT(visible_copy(shown, 6, "a\033\033", 3), 5);
	CHECK_STR(shown, "a\\x1b");
	CHECK_INT(shown[6], 'z');
	CHECK_INT(visible_copy(shown, 5, "a\033", 2), 1);
	CHECK_STR(shown, "a");
	CHECK_INT(visible_copy(shown, 3, "\342\202\254", 3), 0);
	CHECK_INT(visible_copy(shown, 1, "a", 1), 0);
	CHECK_STR(shown, "");
}

static unsigned long value_of(const char *digits, size_t count)
{
	char text[8] = "";

	memcpy(text, digits, count);
	return strtoul(text, NULL, 16);
}

static size_t encode(unsigned long code, char *out)
{
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	out[0] = (char)(0xe0 | code >> 12);
	out[1] = (char)(0x80 | (code >> 6 & 0x3f));
	out[2] = (char)(0x80 | (code & 0x3f));
	return 3;
}

/* What SHOWN stands for, into TEXT. Returns its length. */
static size_t read_back(const char *shown, char *text)
{
	size_t len = 0;

	while (*shown) {
		if (shown[0] == '\\' && shown[1] == 'x') {
			text[len++] = (char)value_of(shown + 2, 2);
			shown += 4;
		} else if (shown[0] == '\\' && shown[1] == 'u') {
			len += encode(value_of(shown + 2, 4), text + len);
			shown += 6;
		} else {
			text[len++] = *shown++;
		}
	}
	return len;
}

static bool is_harmless(const char *shown)
{
	size_t len = strlen(shown), bytes;
	uint32_t code;

	for (; len; shown += bytes, len -= bytes) {
		bytes = utf8_decode(shown, len, &code);
		if (visible_is_control(code) || (code == UTF8_REPLACEMENT && bytes == 1))
			return false;
	}
	return true;
}

/* Random pieces of those that mean something. */
static size_t draw(char text[64])
{
	static const char *const pieces[] = {
		"\\",       "x",        "u",    "1b",       "202e",
		"\033",     "\n",       "\233", "\302\233", "\342\200\256",
		"\342\200", "\303\251", "a",    "\377",     "\357\273\277",
		"5c",
	};
	size_t len = 0, count = (size_t)rand() % 12;

	for (; count; count--) {
		const char *piece = pieces[(size_t)rand() % (sizeof(pieces) / sizeof(*pieces))];

		memcpy(text + len, piece, strlen(piece));
		len += strlen(piece);
	}
	return len;
}

TEST(test_visible_copy__can_be_read_back)
{
	char text[64], shown[512], back[512];
	size_t len, back_len;
	int i;

	srand(1);
	for (i = 0; i < 100000; i++) {
		len = draw(text);
		visible_copy(shown, sizeof(shown), text, len);
		back_len = read_back(shown, back);
		if (!CHECK(is_harmless(shown)) ||
		    !CHECK(back_len == len && memcmp(back, text, len) == 0))
			return;
	}
}
