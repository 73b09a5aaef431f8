/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names in lines that can be pasted into a shell. */
#ifndef LSL_QUOTE_H
#define LSL_QUOTE_H

/*
 * Returns TEXT, with any bytes, as one word of a shell: unchanged if it has no
 * special character, else in single quotes. sh, bash, zsh and fish read it
 * alike. Control characters and bytes that are not UTF-8 (visible.h) cannot be
 * pasted; they become $'\ooo' of POSIX.1-2024. fish does not know that form.
 * The caller frees the word; NULL without memory.
 */
char *quote_shell(const char *text);

#endif
