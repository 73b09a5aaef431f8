/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "log.h"

#include <fuse_log.h>
#include <stdarg.h>

static void log_libfuse(enum fuse_log_level level, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* The levels of libfuse are syslog's priorities. */
static void log_libfuse(enum fuse_log_level level, const char *format, va_list args)
{
	vsyslog((int)level, format, args);
}

void log_open(bool to_stderr)
{
	openlog("mount.lslfs", LOG_PID | LOG_NDELAY | (to_stderr ? LOG_PERROR : 0), LOG_DAEMON);
	fuse_set_log_func(log_libfuse);
}

void log_line(int priority, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsyslog(priority, format, args);
	va_end(args);
}
