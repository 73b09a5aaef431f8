/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "visible.h"

#include <string.h>

#include "utf8.h"

bool visible_is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x061c || code == 0x200e ||
	       code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x206f) || code == 0xfeff;
}

static char hex_digit(uint32_t value)
{
	return (char)(value < 10 ? '0' + value : 'a' + (value - 10));
}

/* A backslash, LETTER, and VALUE in DIGITS hexadecimal digits. */
static void show_code(struct visible *shown, char letter, uint32_t value, size_t digits)
{
	shown->text[0] = '\\';
	shown->text[1] = letter;
	shown->len = 2 + digits;
	for (; digits; digits--, value >>= 4)
		shown->text[1 + digits] = hex_digit(value & 0xf);
}

/* Whether the backslash at TEXT looks like the beginning of such a form. */
static bool is_ambiguous(const char *text, size_t len)
{
	return len > 1 && text[0] == '\\' && (text[1] == 'x' || text[1] == 'u');
}

size_t visible_next(const char *text, size_t len, struct visible *shown)
{
	uint32_t code;
	size_t bytes = utf8_decode(text, len, &code);
	bool is_broken = code == UTF8_REPLACEMENT && bytes == 1;

	if (bytes == 1 && (is_broken || visible_is_control(code) || is_ambiguous(text, len))) {
		show_code(shown, 'x', (unsigned char)text[0], 2);
	} else if (visible_is_control(code)) {
		show_code(shown, 'u', code, 4);
	} else {
		memcpy(shown->text, text, bytes);
		shown->len = bytes;
	}
	return bytes;
}

size_t visible_copy(char *out, size_t size, const char *text, size_t len)
{
	struct visible shown;
	size_t written = 0;

	for (; len; written += shown.len) {
		size_t bytes = visible_next(text, len, &shown);

		if (shown.len >= size - written)
			break;
		memcpy(out + written, shown.text, shown.len);
		text += bytes;
		len -= bytes;
	}
	out[written] = '\0';
	return written;
}
