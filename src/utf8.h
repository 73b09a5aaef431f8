/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text of unknown origin: paths and arguments are bytes, which need be neither UTF-8 nor
 * harmless to a terminal. No locale is consulted.
 */
#ifndef LSL_UTF8_H
#define LSL_UTF8_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What stands for a byte that belongs to no character. */
#define UTF8_REPLACEMENT 0xfffdU

/*
 * Decodes the character at TEXT, LEN bytes of which are there (at least one).
 * Returns how many bytes it takes. Overlong forms, surrogates and what is cut
 * off are no characters: then *CODE is UTF8_REPLACEMENT, for one byte.
 */
size_t utf8_decode(const char *text, size_t len, uint32_t *code);

/* How many columns of a terminal the LEN bytes of TEXT take when utf8_print prints them. */
size_t utf8_width(const char *text, size_t len);

/* How many bytes at the beginning of TEXT, whole characters, take at most WIDTH columns. */
size_t utf8_fit(const char *text, size_t len, size_t width);

/* Prints the LEN bytes of TEXT; a '?' for each control character and each byte that belongs to none. */
void utf8_print(FILE *file, const char *text, size_t len);

#endif
