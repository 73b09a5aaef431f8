/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/message.h"

#include <stdio.h>
#include <string.h>

#include "visible.h"

#define LINE_SIZE 8192

void message_va(const char *prefix, const char *format, va_list args)
{
	char text[LINE_SIZE], shown[LINE_SIZE];

	if (vsnprintf(text, sizeof(text), format, args) < 0)
		strcpy(text, "(a message that cannot be written)");
	visible_copy(shown, sizeof(shown), text, strlen(text));
	fprintf(stderr, "%s%s\n", prefix, shown);
}
