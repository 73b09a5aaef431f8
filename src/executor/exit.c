/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "exit.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "visible.h"

/* The longest line; the rest is left out. */
#define LINE_SIZE 2048

static void print_strings(const char *prefix, const char *first, va_list args)
{
	char *line = arena_alloc(LINE_SIZE);
	size_t len = strlen(prefix);
	const char *s;
	ssize_t n;

	strcpy(line, prefix);
	/* Keeps room for the newline. */
	for (s = first; s; s = va_arg(args, const char *))
		len += visible_copy(line + len, LINE_SIZE - 1 - len, s, strlen(s));
	line[len++] = '\n';
	/* If stderr cannot be written, nobody can be told. */
	n = write(STDERR_FILENO, line, len);
	(void)n;
	arena_trim(line, 0);
}

void say_line(const char *first, ...)
{
	va_list args;

	va_start(args, first);
	print_strings("", first, args);
	va_end(args);
}

_Noreturn void exit_saying(int status, const char *first, ...)
{
	va_list args;

	va_start(args, first);
	print_strings("lslExecutor: ", first, args);
	va_end(args);
	_exit(status);
}

_Noreturn void exit_with_privilege(const char *words)
{
	exit_saying(EXIT_LSL, words, NULL);
}

void give_up_privilege(const struct creds *creds)
{
	if (creds_drop(creds) < 0)
		exit_with_privilege("cannot give up privilege");
}

_Noreturn void exit_printing(int fd, const char *text, int status)
{
	size_t len = strlen(text);
	ssize_t n = write(fd, text, len);

	if (n == (ssize_t)len)
		_exit(status);
	exit_saying(EXIT_LSL, "cannot write: ", n < 0 ? strerror(errno) : "there is no room", NULL);
}
