/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Of a terminal that does not know, as a serial line. */
#define USUAL_WIDTH 80

/* ECMA-48, "select graphic rendition". */
static const char *const codes[] = {
	[STYLE_PLAIN] = NULL,          [STYLE_TITLE] = "\033[1m", [STYLE_GOOD] = "\033[32m",
	[STYLE_DOUBTFUL] = "\033[33m", [STYLE_BAD] = "\033[31m",  [STYLE_FAINT] = "\033[2m",
};

static bool is_colour_welcome(void)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return (!no_color || !*no_color) && term && strcmp(term, "dumb") != 0;
}

struct terminal terminal_of(int fd)
{
	struct terminal terminal = {.width = 0};
	struct winsize size;

	if (!isatty(fd))
		return terminal;
	terminal.width = USUAL_WIDTH;
	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col)
		terminal.width = size.ws_col;
	terminal.has_colour = is_colour_welcome();
	return terminal;
}

void terminal_begin(const struct terminal *terminal, FILE *file, enum style style)
{
	if (terminal->has_colour && codes[style])
		fputs(codes[style], file);
}

void terminal_end(const struct terminal *terminal, FILE *file, enum style style)
{
	if (terminal->has_colour && codes[style])
		fputs("\033[0m", file);
}
