/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * inih splits lines into key and value. Everything else is done before a line
 * reaches inih, because inih (55, with Debian's defaults) does these things
 * differently, and without an error:
 *
 *	- it cuts a line after 199 bytes and takes the rest for another line
 *	- it drops what follows a blank and a ';', even where a list was meant
 *	- it takes every indented line for more of the value before it
 *	- it does not report an empty section, or text after the ']', and cuts
 *	  long names of sections
 *	- it skips a line that is neither section nor key
 *	- it gives no line numbers
 *
 * So read_piece() gives ini_parse_stream() only key lines and lines that
 * continue a value, cut into pieces that fit its buffer:
 *
 *	key=the first piece
 *		the next piece
 *
 * Sections and comments end here. Bytes of a value with a meaning to inih, and
 * bytes that it would strip at the ends of a piece, are replaced by control
 * characters (shield()), which no value may contain. So a value can be cut
 * anywhere.
 *
 * inih calls take_piece() for a piece before it asks for the next one. So the
 * reader always knows the line of a piece. If inih asks for the next piece
 * without a call, it has found no key in the line.
 */
#include "config.h"

#include "conf/inifile.h"

#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

enum key_state {
	KEY_NONE,
	KEY_WANTED,
	KEY_REFUSED,
};

struct ini_reader {
	FILE *file;
	const struct inifile_events *events;
	void *arg;
	int status; /* the first failure, negative; ends the reading */

	/* The line that was read last. */
	char *line;
	size_t line_size;
	unsigned int number;
	char *rest; /* the rest of it for inih, or NULL */
	unsigned int pieces; /* given to inih so far */
	bool is_continuation;
	bool was_taken; /* take_piece() was called */
	/* a path that its comment begins with, or NULL */
	const char *swallowed;

	/* The pieces, put together again. */
	char *value;
	size_t value_len;
	size_t value_size;

	/* of the lines before: what an indented line would continue */
	enum key_state key;
};

static void fail_inifile(struct ini_reader *reader, int status)
{
	if (reader->status == 0 && status < 0)
		reader->status = status;
}

static void mistake(struct ini_reader *reader, const char *text)
{
	fail_inifile(reader, reader->events->mistake(reader->arg, reader->number, text));
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static char *skip_blanks(char *s)
{
	while (is_blank(*s))
		s++;
	return s;
}

/*
 * The bytes of a value between which inih must not see a piece begin or end,
 * and the control characters that stand for them.
 */
static const char shielded[] = " \t;#";
static const char shields[] = "\001\002\003\004";

static void replace(char *s, const char *from, const char *to)
{
	const char *found;

	for (; *s != '\0'; s++) {
		found = strchr(from, *s);
		if (found)
			*s = to[found - from];
	}
}

static void shield(char *s)
{
	replace(s, shielded, shields);
}

static void unshield(char *s)
{
	replace(s, shields, shielded);
}

/*
 * Takes the line end off and puts a '?' for each control character, also for
 * NUL, so that the line is a string. Returns the first of them, or NULL.
 */
static char *clean(char *text, size_t len)
{
	char *bad = NULL, *s;

	if (len > 0 && text[len - 1] == '\n')
		len--;
	if (len > 0 && text[len - 1] == '\r')
		len--;
	text[len] = '\0';
	for (s = text; s < text + len; s++) {
		if (((unsigned char)*s >= ' ' && *s != '\177') || *s == '\t')
			continue;
		*s = '?';
		if (!bad)
			bad = s;
	}
	return bad;
}

/*
 * Ends TEXT where an inline comment begins, or its last blanks. The comment or
 * NULL.
 */
static const char *cut_comment(char *text)
{
	char *end = text;
	const char *comment = NULL;

	while (*end != '\0' && !(is_blank(end[0]) && end[1] == ';'))
		end++;
	if (*end != '\0')
		comment = end + 1;
	while (end > text && is_blank(end[-1]))
		end--;
	*end = '\0';
	return comment;
}

/*
 * The path that COMMENT begins with, or NULL. Directly after the ';' it is too
 * likely an element of a list to be passed over.
 */
static const char *find_swallowed(const char *comment)
{
	if (!comment)
		return NULL;
	comment += strspn(comment, "; \t");
	return comment[0] == '/' ? comment : NULL;
}

static void take_section(struct ini_reader *reader, char *text)
{
	char *name = text + 1, *end = strchr(name, ']'), *after = NULL;

	if (end) {
		*end = '\0';
		after = skip_blanks(end + 1);
	}
	reader->key = KEY_NONE;
	fail_inifile(reader, reader->events->section(reader->arg, reader->number, name));
	if (!after)
		mistake(reader, "a '[' without ']': write [NAME]");
	else if (after[0] != '\0' && after[0] != ';' && after[0] != '#')
		mistake(reader, "text after the ']': write it on a separate line");
}

/* A line that begins with '/' and is indented: more of the value before it. */
static void take_continuation(struct ini_reader *reader, char *text)
{
	if (reader->key == KEY_NONE)
		mistake(reader,
			"this line continues nothing: write a key before it, as in mnt=/home");
	if (reader->key != KEY_WANTED)
		return;
	reader->is_continuation = true;
	shield(text);
	reader->rest = text;
}

static void take_key_line(struct ini_reader *reader, char *text)
{
	char *separator = strpbrk(text, "=:");

	if (separator)
		shield(skip_blanks(separator + 1));
	reader->rest = text;
}

static void take_ini_line(struct ini_reader *reader, char *text, bool is_indented, const char *bad)
{
	const char *comment = cut_comment(text);

	if (text[0] == '[') {
		take_section(reader, text);
		return;
	}
	if (bad && bad < text + strlen(text))
		mistake(reader, "a control character: remove it");
	reader->swallowed = find_swallowed(comment);
	if (is_indented && text[0] == '/')
		take_continuation(reader, text);
	else
		take_key_line(reader, text);
}

static void refuse_line(struct ini_reader *reader)
{
	if (reader->line[0] == '/')
		mistake(reader, "neither a section nor a key: indent a line that continues a list");
	else
		mistake(reader, "neither a section nor a key: write [NAME] or KEY=VALUE");
	reader->key = KEY_REFUSED;
}

/* Checks inih's result for the line, after all of it was given to inih. */
static void end_line(struct ini_reader *reader)
{
	if (!reader->was_taken)
		refuse_line(reader);
	if (reader->key != KEY_WANTED)
		return;
	fail_inifile(reader, reader->events->value(reader->arg, reader->number, reader->value,
						   reader->is_continuation));
	if (reader->swallowed && reader->status == 0)
		fail_inifile(reader, reader->events->swallowed(reader->arg, reader->number,
							       reader->swallowed, false));
}

static void take_comment_line(struct ini_reader *reader, const char *text, bool is_indented)
{
	const char *swallowed = text[0] == ';' ? find_swallowed(text) : NULL;

	if (is_indented && swallowed && reader->key == KEY_WANTED)
		fail_inifile(reader, reader->events->swallowed(reader->arg, reader->number,
							       swallowed, true));
}

/*
 * Reads a line, and sets reader->rest to its part for inih. False at the end.
 */
static bool next_line(struct ini_reader *reader)
{
	static const char bom[] = "\357\273\277";
	char *line, *bad, *text;
	ssize_t len;

	if (reader->status != 0)
		return false;
	errno = 0;
	len = getline(&reader->line, &reader->line_size, reader->file);
	if (ferror(reader->file) || (len < 0 && !feof(reader->file)))
		fail_inifile(reader, errno != 0 ? -errno : -EIO);
	if (reader->status != 0 || len < 0)
		return false;
	reader->number++;
	reader->pieces = 0;
	reader->value_len = 0;
	reader->is_continuation = reader->was_taken = false;

	line = reader->line;
	if (reader->number == 1 && strncmp(line, bom, strlen(bom)) == 0)
		line += strlen(bom);
	bad = clean(line, (size_t)(reader->line + len - line));
	text = skip_blanks(line);
	if (text[0] == ';' || text[0] == '#')
		take_comment_line(reader, text, text > line);
	else if (text[0] != '\0')
		take_ini_line(reader, text, text > line, bad);
	return true;
}

/*
 * The reader of inih: returns the next piece of a line, as a separate line of
 * at most SIZE bytes with its NUL, or NULL at the end.
 */
static char *read_piece(char *buf, int size, void *arg)
{
	static const char shortest[] = "\tx\n";
	struct ini_reader *reader = arg;
	size_t len, indent;

	if (size < (int)sizeof(shortest))
		fail_inifile(reader, -EINVAL);
	if (reader->status != 0)
		return NULL;
	if (reader->pieces > 0 && !reader->was_taken)
		reader->rest = NULL;
	while (!reader->rest) {
		if (reader->pieces > 0)
			end_line(reader);
		if (!next_line(reader))
			return NULL;
	}
	indent = reader->is_continuation || reader->pieces > 0 ? 1 : 0;
	len = strnlen(reader->rest, (size_t)size - indent - sizeof("\n"));
	buf[0] = '\t';
	memcpy(buf + indent, reader->rest, len);
	memcpy(buf + indent + len, "\n", sizeof("\n"));
	reader->rest = reader->rest[len] != '\0' ? reader->rest + len : NULL;
	reader->pieces++;
	return buf;
}

static void add_to_value(struct ini_reader *reader, const char *piece)
{
	size_t len = strlen(piece);
	char *value;

	/* The line holds the value, so its size is enough for all of it. */
	if (reader->value_size < reader->line_size) {
		value = realloc(reader->value, reader->line_size);
		if (!value) {
			fail_inifile(reader, -ENOMEM);
			return;
		}
		reader->value = value;
		reader->value_size = reader->line_size;
	}
	if (len >= reader->value_size - reader->value_len) {
		fail_inifile(reader, -EOVERFLOW);
		return;
	}
	memcpy(reader->value + reader->value_len, piece, len + 1);
	unshield(reader->value + reader->value_len);
	reader->value_len += len;
}

/* The handler of inih. It ignores inih's section. */
static int take_piece(void *arg, const char *section, const char *name, const char *piece)
{
	struct ini_reader *reader = arg;
	int wanted;

	(void)section;
	if (!reader->was_taken && !reader->is_continuation) {
		wanted = reader->events->key(reader->arg, reader->number, name);
		fail_inifile(reader, wanted);
		reader->key = wanted > 0 ? KEY_WANTED : KEY_REFUSED;
	}
	reader->was_taken = true;
	if (reader->key == KEY_WANTED)
		add_to_value(reader, piece);
	else
		reader->rest = NULL;
	return 1;
}

int inifile_parse(FILE *file, const struct inifile_events *events, void *arg)
{
	struct ini_reader reader = {.file = file, .events = events, .arg = arg};

	if (ini_parse_stream(read_piece, &reader, take_piece, &reader) < 0)
		fail_inifile(&reader, -ENOMEM);
	free(reader.line);
	free(reader.value);
	return reader.status;
}
