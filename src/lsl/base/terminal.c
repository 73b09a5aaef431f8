/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "utf8.h"
#include "visible.h"

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

/*
 * The blocks that terminals draw over two columns, or over the character
 * before.
 */
static size_t columns_of(uint32_t code)
{
	static const struct {
		uint32_t first, last;
		size_t columns;
	} blocks[] = {
		{0x0300, 0x036f, 0},   {0x1100, 0x115f, 2},   {0x200b, 0x200d, 0},
		{0x20d0, 0x20ff, 0},   {0x2e80, 0xa4cf, 2},   {0xac00, 0xd7a3, 2},
		{0xf900, 0xfaff, 2},   {0xfe00, 0xfe0f, 0},   {0xfe30, 0xfe6f, 2},
		{0xff00, 0xff60, 2},   {0xffe0, 0xffe6, 2},   {0x1f300, 0x1f64f, 2},
		{0x1f900, 0x1f9ff, 2}, {0x20000, 0x3fffd, 2},
	};
	size_t i;

	for (i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (code >= blocks[i].first && code <= blocks[i].last)
			return blocks[i].columns;
	return 1;
}

/* The columns of one character's visible form. */
static size_t width_of(const struct visible *shown)
{
	uint32_t code;

	return utf8_decode(shown->text, shown->len, &code) == shown->len ? columns_of(code)
									 : shown->len;
}

size_t terminal_fit(const char *text, size_t len, size_t width)
{
	struct visible shown;
	size_t at = 0, bytes, columns;

	while (at < len) {
		bytes = visible_next(text + at, len - at, &shown);
		columns = width_of(&shown);
		if (columns > width)
			break;
		width -= columns;
		at += bytes;
	}
	return at;
}

size_t terminal_width(const char *text, size_t len)
{
	struct visible shown;
	size_t at = 0, width = 0;

	while (at < len) {
		at += visible_next(text + at, len - at, &shown);
		width += width_of(&shown);
	}
	return width;
}

void terminal_print(FILE *file, const char *text, size_t len)
{
	struct visible shown;
	size_t at = 0;

	while (at < len) {
		at += visible_next(text + at, len - at, &shown);
		fwrite(shown.text, 1, shown.len, file);
	}
}
