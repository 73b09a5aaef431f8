/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/quote.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"
#include "visible.h"

/*
 * The longest form of one byte: '$'\ooo'', with the end of the quotes before
 * it.
 */
#define LONGEST 9

/*
 * These have no meaning in any shell. '=', '%' and '~' have one at the
 * beginning of a word.
 */
static bool is_simple(const char *text)
{
	static const char simple[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				     "0123456789_@%+=:,./-";

	return *text && !strchr("=%", *text) && text[strspn(text, simple)] == '\0';
}

struct word {
	char *end;
	bool is_quoted; /* within single quotes */
};

static void add_quoting(struct word *word, bool is_quoted)
{
	if (word->is_quoted != is_quoted)
		*word->end++ = '\'';
	word->is_quoted = is_quoted;
}

static void add_string(struct word *word, const char *s)
{
	word->end = stpcpy(word->end, s);
}

/* $'\ooo' */
static void add_octal(struct word *word, unsigned char byte)
{
	char digits[] = {(char)('0' + (byte >> 6)), (char)('0' + (byte >> 3 & 7)),
			 (char)('0' + (byte & 7)), '\0'};

	add_quoting(word, false);
	add_string(word, "$'\\");
	add_string(word, digits);
	add_string(word, "'");
}

static void add_character(struct word *word, const char *text, size_t bytes, uint32_t code)
{
	size_t i;

	if (visible_is_control(code) || (code == UTF8_REPLACEMENT && bytes == 1)) {
		for (i = 0; i < bytes; i++)
			add_octal(word, (unsigned char)text[i]);
	} else if (code == '\'' || code == '\\') {
		/*
		 * sh and fish differ in what a backslash within quotes means.
		 */
		add_quoting(word, false);
		*word->end++ = '\\';
		*word->end++ = *text;
	} else {
		add_quoting(word, true);
		memcpy(word->end, text, bytes);
		word->end += bytes;
	}
}

char *quote_shell(const char *text)
{
	size_t len = strlen(text), bytes;
	char *quoted = malloc(LONGEST * len + sizeof("''"));
	struct word word = {.end = quoted};
	uint32_t code;

	if (!quoted)
		return NULL;
	if (is_simple(text))
		return strcpy(quoted, text);
	if (len == 0)
		add_string(&word, "''");
	for (; len; text += bytes, len -= bytes) {
		bytes = utf8_decode(text, len, &code);
		add_character(&word, text, bytes, code);
	}
	add_quoting(&word, false);
	*word.end = '\0';
	return quoted;
}
