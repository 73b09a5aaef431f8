/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "log.h"

#include <errno.h>
#include <fuse_log.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "visible.h"

#define LINE_SIZE 1024

static const struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/dev/log"};
static int to_log = -1;
static bool has_stderr = true;

static void log_libfuse(enum fuse_log_level level, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* The levels of libfuse are syslog's priorities. */
static void log_libfuse(enum fuse_log_level level, const char *format, va_list args)
{
	char line[LINE_SIZE];

	if (vsnprintf(line, sizeof(line), format, args) > 0)
		log_line((int)level, "%s", line);
}

void log_open(void)
{
	to_log = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (to_log >= 0)
		(void)connect(to_log, (const struct sockaddr *)&address, sizeof(address));
	fuse_set_log_func(log_libfuse);
}

void log_detach(void)
{
	has_stderr = false;
}

/* Retries once if the log was not there, or has been replaced meanwhile. */
static void send_line(const char *line, size_t len)
{
	if (send(to_log, line, len, MSG_NOSIGNAL) >= 0 || errno == EAGAIN)
		return;
	if (connect(to_log, (const struct sockaddr *)&address, sizeof(address)) == 0)
		(void)send(to_log, line, len, MSG_NOSIGNAL);
}

void log_words(int priority, const char *const *words, size_t count)
{
	static const char head[] = "<00>mount.lslfs: ";
	char line[LINE_SIZE + sizeof(head)];
	int value = LOG_DAEMON | priority, err = errno;
	size_t len = sizeof(head) - 1, i;
	const char *s;

	memcpy(line, head, len);
	line[1] = (char)('0' + value / 10);
	line[2] = (char)('0' + value % 10);
	for (i = 0; i < count; i++)
		for (s = words[i]; *s && len < sizeof(line) - 1; s++)
			line[len++] = *s;
	send_line(line, len);
	line[len++] = '\n';
	if (has_stderr && priority != LOG_DEBUG)
		(void)!write(STDERR_FILENO, strchr(line, '>') + 1, len - strlen("<00>"));
	errno = err;
}

void log_line(int priority, const char *format, ...)
{
	char line[LINE_SIZE], shown[LINE_SIZE];
	const char *words[] = {shown};
	va_list args;

	va_start(args, format);
	if (vsnprintf(line, sizeof(line), format, args) < 0)
		*line = '\0';
	va_end(args);
	visible_copy(shown, sizeof(shown), line, strlen(line));
	log_words(priority, words, 1);
}

int log_failure(int status, const char *what)
{
	log_line(LOG_ERR, "cannot %s: %s", what, strerror(-status));
	return status;
}
