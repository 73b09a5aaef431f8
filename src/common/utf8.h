/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decodes UTF-8. Paths, names and arguments are bytes that need not be UTF-8.
 * It uses no locale and allocates nothing.
 */
#ifndef LSL_UTF8_H
#define LSL_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Stands for a byte that belongs to no character. */
#define UTF8_REPLACEMENT 0xfffdU

/*
 * Decodes the first character of TEXT, which has LEN bytes (at least one).
 * Returns the length of the character in bytes. Overlong forms, surrogates and
 * incomplete characters are invalid: then *CODE is UTF8_REPLACEMENT, for one
 * byte.
 */
size_t utf8_decode(const char *text, size_t len, uint32_t *code);

#endif
