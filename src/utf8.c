/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "utf8.h"

#include <stdbool.h>

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* How many bytes a character that begins with BYTE has, or 0; *BITS is what BYTE holds of it. */
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

static bool is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

/* The blocks that terminals draw over two columns, or over the character before. */
static size_t columns_of(uint32_t code)
{
	static const struct {
		uint32_t first, last;
		size_t columns;
	} blocks[] = {
		{0x0300, 0x036f, 0},   {0x1100, 0x115f, 2},   {0x200b, 0x200f, 0},
		{0x20d0, 0x20ff, 0},   {0x2e80, 0xa4cf, 2},   {0xac00, 0xd7a3, 2},
		{0xf900, 0xfaff, 2},   {0xfe00, 0xfe0f, 0},   {0xfe30, 0xfe6f, 2},
		{0xff00, 0xff60, 2},   {0xffe0, 0xffe6, 2},   {0x1f300, 0x1f64f, 2},
		{0x1f900, 0x1f9ff, 2}, {0x20000, 0x3fffd, 2},
	};
	size_t i;

	for (i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (code >= blocks[i].first && code <= blocks[i].last)
			return blocks[i].columns;
	return 1;
}

size_t utf8_fit(const char *text, size_t len, size_t width)
{
	size_t at = 0, bytes, columns;
	uint32_t code;

	while (at < len) {
		bytes = utf8_decode(text + at, len - at, &code);
		columns = columns_of(code);
		if (columns > width)
			break;
		width -= columns;
		at += bytes;
	}
	return at;
}

size_t utf8_width(const char *text, size_t len)
{
	size_t at = 0, width = 0;
	uint32_t code;

	while (at < len) {
		at += utf8_decode(text + at, len - at, &code);
		width += columns_of(code);
	}
	return width;
}

void utf8_print(FILE *file, const char *text, size_t len)
{
	size_t at = 0, bytes;
	uint32_t code;

	while (at < len) {
		bytes = utf8_decode(text + at, len - at, &code);
		if (is_control(code) || (code == UTF8_REPLACEMENT && bytes == 1))
			fputc('?', file);
		else
			fwrite(text + at, 1, bytes, file);
		at += bytes;
	}
}
