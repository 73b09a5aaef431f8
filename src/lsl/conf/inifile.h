/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The syntax of the configuration file: sections, keys, values on one line or
 * several. This module does not know their meaning. inih reads the file;
 * inifile.c explains what inih would misread, and how that is prevented.
 *
 *	[section]
 *	key=value		; a comment: a ';' after a blank begins it
 *		/more of it	an indented line that begins with '/'
 *	# a comment
 */
#ifndef LSL_INIFILE_H
#define LSL_INIFILE_H

#include <stdbool.h>
#include <stdio.h>

/*
 * These are called in the order of the file, with the number of the line, from
 * 1. Texts are valid during the call. Each returns a negative errno to end the
 * reading, else 0.
 */
struct inifile_events {
	/* A [NAME], whatever is between the brackets. */
	int (*section)(void *arg, unsigned int line, const char *name);

	/*
	 * A key. 1: its value is wanted; 0: skip it, and lines that continue
	 * it.
	 */
	int (*key)(void *arg, unsigned int line, const char *name);

	/*
	 * The part of the wanted key's value on one line, without the blanks
	 * around it and without a comment; may be empty. TEXT can be changed in
	 * place. A control character in it is a mistake that was already
	 * reported; it has become a '?'.
	 */
	int (*value)(void *arg, unsigned int line, char *text, bool is_continuation);

	/*
	 * A comment that begins with a path, beside the wanted key's value, or
	 * (IS_WHOLE_LINE) as an indented line below it. PATH extends to the end
	 * of the comment.
	 */
	int (*swallowed)(void *arg, unsigned int line, const char *path, bool is_whole_line);

	/*
	 * A line that has no meaning, in the section or key of the calls
	 * before; TEXT is static.
	 */
	int (*mistake)(void *arg, unsigned int line, const char *text);
};

/*
 * Reads FILE to its end. Returns 0, or the negative errno of a failed read, of
 * missing memory, or of a call.
 */
int inifile_parse(FILE *file, const struct inifile_events *events, void *arg);

#endif
