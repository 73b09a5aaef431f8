/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text from others in a form that may go to a terminal or a log. Names, paths
 * and arguments can hold bytes that move the cursor, change the order in which
 * a line is read, or begin a second line. Here each of these becomes visible:
 *
 *	\x1b	one byte: a control character of ASCII, or no UTF-8
 *	\u202e	another control character (visible_is_control)
 *	\x5c	a backslash before 'x' or 'u', which would look like these
 *
 * Everything else stays, so the original can be recovered. lslExecutor and
 * signal handlers use this too, so it allocates nothing and uses no locale and
 * no stdio. Every program has one function for its messages, and that calls
 * visible_copy.
 */
#ifndef LSL_VISIBLE_H
#define LSL_VISIBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One character in visible form: its own bytes, or one of the forms above. */
struct visible {
	char text[8];
	size_t len;
};

/*
 * Whether CODE can change more of a terminal than one cell: C0, DEL, C1, the
 * separators of lines and paragraphs, and the controls of writing direction.
 */
bool visible_is_control(uint32_t code);

/*
 * Reads the first character of TEXT, which has LEN bytes (at least one).
 * Returns its length in bytes, and sets *SHOWN to its visible form.
 */
size_t visible_next(const char *text, size_t len, struct visible *shown);

/*
 * Writes the visible form of the LEN bytes of TEXT to OUT, which has SIZE bytes
 * (at least one), and a null byte. Stops before the first character that does
 * not fit. Returns the length without the null byte.
 */
size_t visible_copy(char *out, size_t size, const char *text, size_t len);

#endif
