/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether somebody reads at a terminal, how wide that is, and whether colours are welcome.
 */
#ifndef LSL_TERMINAL_H
#define LSL_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct terminal {
	size_t width; /* in columns; 0: no terminal, lines may be of any length */
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
 * The terminal that FD is. Colours only there, and not where the environment has NO_COLOR, as
 * no-color.org asks, or TERM=dumb.
 */
struct terminal terminal_of(int fd);

/* Switch a style on and off again; nothing without colours. */
void terminal_begin(const struct terminal *terminal, FILE *file, enum style style);
void terminal_end(const struct terminal *terminal, FILE *file, enum style style);

#endif
