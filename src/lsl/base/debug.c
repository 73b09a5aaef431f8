/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/debug.h"

#include <stdarg.h>
#include <stdbool.h>

#include "base/message.h"

static bool enabled;

void debug_enable(void)
{
	enabled = true;
}

bool debug_is_enabled(void)
{
	return enabled;
}

void debug(const char *format, ...)
{
	va_list args;

	if (!enabled)
		return;
	va_start(args, format);
	message_va("lsl: debug: ", format, args);
	va_end(args);
}
