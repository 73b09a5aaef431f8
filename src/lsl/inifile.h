/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The form of the configuration file: sections, keys, values over one line or
 * several. What they mean is not known here. inih does the reading; inifile.c
 * says what it would get wrong, and how it is kept from that.
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
 * Called in the order of the file, with the number of the line, from 1. Texts
 * are theirs for the time of the call. Each returns a negative errno to end
 * the reading, else 0.
 */
struct inifile_events {
	/* A [NAME], whatever is between the brackets. */
	int (*section)(void *arg, unsigned int line, const char *name);

	/*
	 * A key. 1: its value is wanted; 0: it, and lines that continue it, are
	 * passed over.
	 */
	int (*key)(void *arg, unsigned int line, const char *name);

	/*
	 * What one line has of the wanted key's value, without the blanks
	 * around it and without a comment; may be empty. TEXT can be changed in
	 * place. A control character in it is a mistake, told already; it has
	 * become a '?'.
	 */
	int (*value)(void *arg, unsigned int line, char *text, bool is_continuation);

	/*
	 * A comment that begins with a path, beside the wanted key's value, or
	 * (IS_WHOLE_LINE) as an indented line below it. PATH goes on to the end
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
 * Reads FILE to its end. 0, or the negative errno of a failure to read, of
 * missing memory, or that a call returned.
 */
int inifile_parse(FILE *file, const struct inifile_events *events, void *arg);

#endif
