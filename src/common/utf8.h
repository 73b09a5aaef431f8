/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decodes UTF-8. Paths, names and arguments are bytes that need not be UTF-8.
 * No locale is consulted, nothing is allocated.
 */
#ifndef LSL_UTF8_H
#define LSL_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Stands for a byte that belongs to no character. */
#define UTF8_REPLACEMENT 0xfffdU

/*
 * Decodes the character at TEXT, LEN bytes of which are there (at least one).
 * Returns how many bytes it takes. Overlong forms, surrogates and characters
 * that are cut off are none: then *CODE is UTF8_REPLACEMENT, for one byte.
 */
size_t utf8_decode(const char *text, size_t len, uint32_t *code);

#endif
