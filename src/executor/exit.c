/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "exit.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "message.h"

_Noreturn void exit_with_privilege(const char *words)
{
	message_write(words, NULL);
	_exit(EXIT_LSL);
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
	message_write("cannot write: ", n < 0 ? strerror(errno) : "there is no room", NULL);
	_exit(EXIT_LSL);
}
