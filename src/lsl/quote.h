/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names in lines that somebody pastes into a shell.
 */
#ifndef LSL_QUOTE_H
#define LSL_QUOTE_H

/*
 * TEXT as one word of a shell, whatever bytes it has: as it is where nothing in
 * it is special, else in single quotes. sh, bash, zsh and fish read it alike.
 * Control characters and bytes that are no UTF-8 (visible.h) cannot be pasted;
 * they become $'\ooo', as POSIX.1-2024 has it, so that the word has none. fish
 * does not know that form. The word is the caller's to free; NULL without
 * memory.
 */
char *quote_shell(const char *text);

#endif
