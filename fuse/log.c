/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "visible.h"

#define LINE_SIZE 1056

static const struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/dev/log"};
static int to_log = -1;

void log_open(void)
{
	to_log = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (to_log >= 0)
		(void)connect(to_log, (const struct sockaddr *)&address, sizeof(address));
}

/* Retries once if the log was not there, or has been replaced meanwhile. */
static void send_line(const char *line, size_t len)
{
	if (send(to_log, line, len, MSG_NOSIGNAL) >= 0 || errno == EAGAIN)
		return;
	if (connect(to_log, (const struct sockaddr *)&address, sizeof(address)) == 0)
		(void)send(to_log, line, len, MSG_NOSIGNAL);
}

void log_words(int priority, const char *first, const char *second, const char *third)
{
	const char *const words[] = {"mount.lslfs: ", first, second, third, NULL};
	const char *const *word, *s;
	char line[LINE_SIZE] = "<00>";
	int value = LOG_DAEMON | priority, err = errno;
	const size_t begin = strlen(line);
	size_t len = begin;

	line[1] = (char)('0' + value / 10);
	line[2] = (char)('0' + value % 10);
	for (word = words; *word; word++)
		for (s = *word; *s && len < sizeof(line) - 1; s++)
			line[len++] = *s;
	send_line(line, len);
	line[len++] = '\n';
	if (priority != LOG_DEBUG)
		(void)!write(STDERR_FILENO, line + begin, len - begin);
	errno = err;
}

void log_line(int priority, const char *format, ...)
{
	char line[LINE_SIZE], shown[LINE_SIZE];
	va_list args;

	va_start(args, format);
	if (vsnprintf(line, sizeof(line), format, args) < 0)
		*line = '\0';
	va_end(args);
	visible_copy(shown, sizeof(shown), line, strlen(line));
	log_words(priority, shown, "", "");
}

int log_failure(int status, const char *what)
{
	log_line(LOG_ERR, "cannot %s: %s", what, strerror(-status));
	return status;
}
