/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/quote.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"
#include "visible.h"

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

/* Begins or ends single quotes. */
static void set_quoting(FILE *file, bool *is_quoted, bool wanted)
{
	if (*is_quoted != wanted)
		fputc('\'', file);
	*is_quoted = wanted;
}

static void print_character(FILE *file, bool *is_quoted, const char *text, size_t bytes,
			    uint32_t code)
{
	bool is_octal = visible_is_control(code) || (code == UTF8_REPLACEMENT && bytes == 1);
	size_t i;

	/* sh and fish differ in what a backslash within quotes means. */
	set_quoting(file, is_quoted, !is_octal && code != '\'' && code != '\\');
	if (is_octal)
		for (i = 0; i < bytes; i++)
			fprintf(file, "$'\\%03o'", (unsigned char)text[i]);
	else
		fprintf(file, "%s%.*s", *is_quoted ? "" : "\\", (int)bytes, text);
}

static void print_word(FILE *file, const char *text)
{
	size_t len = strlen(text), bytes;
	bool is_quoted = false;
	uint32_t code;

	if (len == 0)
		fputs("''", file);
	for (; len; text += bytes, len -= bytes) {
		bytes = utf8_decode(text, len, &code);
		print_character(file, &is_quoted, text, bytes, code);
	}
	set_quoting(file, &is_quoted, false);
}

char *quote_shell(const char *text)
{
	char *quoted = NULL;
	size_t size;
	FILE *file;

	if (is_simple(text))
		return strdup(text);
	file = open_memstream(&quoted, &size);
	if (!file)
		return NULL;
	print_word(file, text);
	if (fclose(file) == 0)
		return quoted;
	free(quoted);
	return NULL;
}
