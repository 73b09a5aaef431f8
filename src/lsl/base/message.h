/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages of lsl on stderr. All of them pass through here, so that text from
 * others never reaches a terminal unchanged.
 */
#ifndef LSL_MESSAGE_H
#define LSL_MESSAGE_H

#include <stdarg.h>

/*
 * Writes one line to stderr: PREFIX, and the visible form (visible.h) of
 * FORMAT. A line longer than two paths of PATH_MAX is cut.
 */
void message_va(const char *prefix, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

#endif
