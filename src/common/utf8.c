/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "utf8.h"

#include <stdbool.h>

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/*
 * The length in bytes of a character that begins with BYTE, or 0. Sets *BITS to
 * the bits of the character in BYTE.
 */
static size_t length_of(unsigned char byte, uint32_t *bits)
{
	if (byte < 0x80) {
		*bits = byte;
		return 1;
	}
	if (byte >= 0xc2 && byte <= 0xdf) {
		*bits = byte & 0x1f;
		return 2;
	}
	if (byte >= 0xe0 && byte <= 0xef) {
		*bits = byte & 0x0f;
		return 3;
	}
	*bits = byte & 0x07;
	return byte >= 0xf0 && byte <= 0xf4 ? 4 : 0;
}

static bool is_character(uint32_t code, size_t bytes)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

	return code >= least[bytes] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

size_t utf8_decode(const char *text, size_t len, uint32_t *code)
{
	uint32_t bits;
	size_t i, bytes = length_of((unsigned char)text[0], &bits);

	*code = UTF8_REPLACEMENT;
	if (bytes == 0 || bytes > len)
		return 1;
	for (i = 1; i < bytes; i++) {
		if (!is_continuation(text[i]))
			return 1;
		bits = bits << 6 | ((unsigned char)text[i] & 0x3f);
	}
	if (!is_character(bits, bytes))
		return 1;
	*code = bits;
	return bytes;
}
