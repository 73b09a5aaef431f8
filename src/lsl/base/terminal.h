/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Output for people: the width of their terminal, colours, and how untrusted
 * text is printed (visible.h).
 */
#ifndef LSL_TERMINAL_H
#define LSL_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct terminal {
	/* in columns; 0: no terminal, lines may be of any length */
	size_t width;
	bool has_colour;
};

enum style {
	STYLE_PLAIN,
	STYLE_TITLE,
	STYLE_GOOD,
	STYLE_DOUBTFUL,
	STYLE_BAD,
	STYLE_FAINT,
};

/*
 * The properties of the terminal FD. There are colours only on a terminal, and
 * not if the environment has NO_COLOR, as no-color.org asks, or TERM=dumb.
 */
struct terminal terminal_of(int fd);

/* Switch a style on and off again; nothing without colours. */
void terminal_begin(const struct terminal *terminal, FILE *file, enum style style);
void terminal_end(const struct terminal *terminal, FILE *file, enum style style);

/* Prints the visible form of the LEN bytes of TEXT. */
void terminal_print(FILE *file, const char *text, size_t len);

/*
 * How many columns the LEN bytes of TEXT take when terminal_print prints them.
 */
size_t terminal_width(const char *text, size_t len);

/*
 * How many bytes at the beginning of TEXT, in whole characters, fit into WIDTH
 * columns.
 */
size_t terminal_fit(const char *text, size_t len, size_t width);

#endif
