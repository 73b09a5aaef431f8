/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int failure_set(struct failure *failure, int err, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(failure->text, sizeof(failure->text), format, args);
	va_end(args);
	if (len >= 0 && (size_t)len < sizeof(failure->text))
		snprintf(failure->text + len, sizeof(failure->text) - (size_t)len, ": %s",
			 strerror(abs(err)));
	return -abs(err);
}

int failure_say(struct failure *failure, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(failure->text, sizeof(failure->text), format, args);
	va_end(args);
	return -abs(err);
}
