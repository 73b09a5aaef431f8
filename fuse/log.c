/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "log.h"

#include <fuse_log.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "visible.h"

static bool has_stderr;

static void log_libfuse(enum fuse_log_level level, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* The levels of libfuse are syslog's priorities. */
static void log_libfuse(enum fuse_log_level level, const char *format, va_list args)
{
	vsyslog((int)level, format, args);
}

void log_open(bool to_stderr)
{
	has_stderr = to_stderr;
	/*
	 * Before any thread has a container's root, and with it another
	 * /etc/localtime.
	 */
	tzset();
	/*
	 * Otherwise the C library believes a descriptor to be the log that is
	 * closed, and later another.
	 */
	closelog();
	openlog("mount.lslfs", LOG_PID | LOG_NDELAY | (to_stderr ? LOG_PERROR : 0), LOG_DAEMON);
	fuse_set_log_func(log_libfuse);
}

/* As much as syslog(3) takes in one line. */
#define LINE_SIZE 1024

void log_line(int priority, const char *format, ...)
{
	char line[LINE_SIZE], shown[LINE_SIZE];
	va_list args;

	va_start(args, format);
	if (vsnprintf(line, sizeof(line), format, args) < 0)
		*line = '\0';
	va_end(args);
	visible_copy(shown, sizeof(shown), line, strlen(line));
	syslog(priority, "%s", shown);
}

/*
 * By a socket of its own: syslog(3)'s was closed, or a call of it was
 * interrupted.
 */
static void send_to_log(const char *line, size_t len)
{
	static const struct sockaddr_un log = {.sun_family = AF_UNIX, .sun_path = "/dev/log"};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return;
	if (connect(fd, (const struct sockaddr *)&log, sizeof(log)) == 0)
		(void)!write(fd, line, len);
	close(fd);
}

void log_words(int priority, const char *const *words, size_t count)
{
	char line[256] = "<00>mount.lslfs: ";
	const char *text = line + strlen("<00>"), *s;
	int value = LOG_DAEMON | priority;
	size_t len = strlen(line), i;

	line[1] = (char)('0' + value / 10);
	line[2] = (char)('0' + value % 10);
	for (i = 0; i < count; i++)
		for (s = words[i]; *s && len < sizeof(line) - 1; s++)
			line[len++] = *s;
	send_to_log(line, len);
	line[len++] = '\n';
	if (has_stderr)
		(void)!write(STDERR_FILENO, text, len - (size_t)(text - line));
}
