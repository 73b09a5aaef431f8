/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lines of a configuration file:
 *
 *	[section]
 *	key=value		; a comment: a ';' after a blank begins it
 *		/more of it	an indented line that begins with '/'
 *	# a comment
 *
 * inih finds the key in a line. Everything else is done here, because inih (55,
 * with Debian's defaults) does these things differently, and without an error:
 *
 *	- it cuts a line after 199 bytes and takes the rest for another line
 *	- it drops what follows a blank and a ';', even where a list was meant
 *	- it takes every indented line for more of the value before it
 *	- it does not report an empty section, or text after the ']', and cuts
 *	  long names of sections
 *	- it skips a line that is neither section nor key
 *	- it gives no line numbers
 *
 * So next_key_line() gives ini_parse_stream() only keys with their separator.
 * inih calls take_key_line() before it asks for the next one; if it does not,
 * it has found no key in the line.
 */
#include "config.h"

#include "conf/conf_parser.h"

#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

struct conf_reader {
	struct parser *parser;
	FILE *file;
	char *line; /* the one that was read last */
	size_t size;
	char *key_line; /* if inih has to find a key in it, or NULL */
	const char *swallowed; /* a path that its comment begins with */
};

static char *skip_blanks(char *s)
{
	while (is_blank(*s))
		s++;
	return s;
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

static void refuse_swallowed(struct parser *parser, const char *path, bool is_whole_line)
{
	char separator = conf_separator(parser->key);

	if (separator == 0)
		return;
	parser->is_empty = false;
	if (is_whole_line)
		conf_refuse(
			parser, parser->line,
			"%s: '%s' is in a comment, because the line begins with ';': remove the ';' "
			"(or begin a comment with '#')",
			key_names[parser->key], conf_excerpt(path).text);
	else
		conf_refuse(
			parser, parser->line,
			"%s: '%s' is in a comment, which a ';' after a space begins: write '%c' "
			"without the space (and a comment on a separate line, with '#')",
			key_names[parser->key], conf_excerpt(path).text, separator);
}

static void take_value(struct conf_reader *reader, char *text, bool is_continuation)
{
	struct parser *parser = reader->parser;

	if (is_continuation && conf_separator(parser->key) == 0) {
		conf_refuse(parser, parser->line, "%s is one path: write it on one line",
			    key_names[parser->key]);
		parser->is_empty = false;
	} else if (text[0] != '\0') {
		conf_take_value(parser, text);
	}
	if (reader->swallowed)
		refuse_swallowed(parser, reader->swallowed, false);
}

static void take_section_line(struct parser *parser, char *text)
{
	char *name = text + 1, *end = strchr(name, ']'), *after = NULL;

	if (end) {
		*end = '\0';
		after = skip_blanks(end + 1);
	}
	conf_begin_section(parser, name);
	if (!after)
		conf_refuse(parser, parser->line, "a '[' without ']': write [NAME]");
	else if (after[0] != '\0' && after[0] != ';' && after[0] != '#')
		conf_refuse(parser, parser->line,
			    "text after the ']': write it on a separate line");
}

static void take_other_line(struct conf_reader *reader, char *text, bool is_indented,
			    const char *bad)
{
	struct parser *parser = reader->parser;
	const char *comment = cut_comment(text);

	if (text[0] == '[') {
		take_section_line(parser, text);
		return;
	}
	if (bad && bad < text + strlen(text))
		conf_refuse(parser, parser->line, "a control character: remove it");
	reader->swallowed = find_swallowed(comment);
	if (!is_indented || text[0] != '/')
		reader->key_line = text;
	else if (parser->key == KEY_NONE)
		conf_refuse(parser, parser->line,
			    "this line continues nothing: write a key before it, as in mnt=/home");
	else if (parser->key != KEY_REFUSED)
		take_value(reader, text, true);
}

static void take_comment_line(struct parser *parser, const char *text, bool is_indented)
{
	const char *swallowed = text[0] == ';' ? find_swallowed(text) : NULL;

	if (is_indented && swallowed && parser->key < KEY_COUNT)
		refuse_swallowed(parser, swallowed, true);
}

/* False at the end, or after a failure. */
static bool next_line(struct conf_reader *reader)
{
	static const char bom[] = "\357\273\277";
	struct parser *parser = reader->parser;
	char *line, *bad, *text;
	ssize_t len;

	if (parser->status != 0)
		return false;
	errno = 0;
	len = getline(&reader->line, &reader->size, reader->file);
	if (ferror(reader->file) || (len < 0 && !feof(reader->file)))
		fail_conf(parser, errno != 0 ? -errno : -EIO);
	if (parser->status != 0 || len < 0)
		return false;
	parser->line++;

	line = reader->line;
	if (parser->line == 1 && strncmp(line, bom, strlen(bom)) == 0)
		line += strlen(bom);
	bad = clean(line, (size_t)(reader->line + len - line));
	text = skip_blanks(line);
	if (text[0] == ';' || text[0] == '#')
		take_comment_line(parser, text, text > line);
	else if (text[0] != '\0')
		take_other_line(reader, text, text > line, bad);
	return true;
}

static void refuse_line(struct parser *parser, const char *line)
{
	conf_end_key(parser);
	parser->key = KEY_REFUSED;
	if (line[0] == '/')
		conf_refuse(parser, parser->line,
			    "neither a section nor a key: indent a line that continues a list");
	else
		conf_refuse(parser, parser->line,
			    "neither a section nor a key: write [NAME] or KEY=VALUE");
}

/*
 * The reader of inih: returns the next key, as a line of at most SIZE bytes
 * with its NUL, or NULL at the end.
 */
static char *next_key_line(char *buf, int size, void *arg)
{
	struct conf_reader *reader = arg;
	int len;

	if (reader->key_line)
		refuse_line(reader->parser, reader->key_line);
	reader->key_line = NULL;
	while (!reader->key_line)
		if (!next_line(reader))
			return NULL;
	len = (int)strcspn(reader->key_line, "=:") + 1;
	if (len > size - (int)sizeof("\n"))
		len = size - (int)sizeof("\n");
	snprintf(buf, (size_t)size, "%.*s\n", len, reader->key_line);
	return buf;
}

/* The handler of inih. The line has the value. */
static int take_key_line(void *arg, const char *section, const char *name, const char *value)
{
	struct conf_reader *reader = arg;
	char *text = reader->key_line + strcspn(reader->key_line, "=:") + 1;

	(void)section;
	(void)value;
	reader->key_line = NULL;
	conf_begin_key(reader->parser, name);
	if (reader->parser->key < KEY_COUNT)
		take_value(reader, skip_blanks(text), false);
	return 1;
}

void conf_read_lines(struct parser *parser, FILE *file)
{
	struct conf_reader reader = {.parser = parser, .file = file};

	if (ini_parse_stream(next_key_line, &reader, take_key_line, &reader) < 0)
		fail_conf(parser, -ENOMEM);
	free(reader.line);
}
