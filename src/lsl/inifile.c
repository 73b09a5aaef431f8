/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * inih takes lines apart into key and value. What else there is to a file is
 * settled before a line reaches it, because inih (55, with Debian's defaults)
 * does these things differently, and without a word:
 *
 *	- it cuts a line after 199 bytes and takes the rest for a line of its own
 *	- it drops what follows a blank and a ';', even where a list was meant
 *	- it takes every indented line for more of the value before it
 *	- it does not report an empty section, or text after the ']', and cuts
 *	  long names of sections
 *	- it skips a line that is neither section nor key
 *	- it gives no line numbers
 *
 * So ini_parse_stream() is handed nothing but key lines and lines that continue
 * a value, by read_piece(), cut into pieces that fit its buffer:
 *
 *	key=the first piece
 *		the next piece
 *
 * Sections and comments end here. Bytes of a value that mean something to inih,
 * or that it would strip at the ends of a piece, travel as control characters
 * (shield()), which no value may contain, so that it can be cut anywhere.
 *
 * inih calls take_piece() for a piece before it asks for the next one. Thus the
 * reader always knows the line that a piece is from, and that inih has found no
 * key in a line: when it asks for the next one without having called.
 */
#include "config.h"
#include "inifile.h"

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
	int err; /* the first failure, negative; ends the reading */

	/* The line that was read last. */
	char *line;
	size_t line_size;
	unsigned int number;
	char *rest; /* what of it is still to be handed to inih, or NULL */
	unsigned int pieces; /* handed over so far */
	bool is_continuation;
	bool was_taken; /* take_piece() was called */
	const char *swallowed; /* a path that its comment begins with, or NULL */

	/* The pieces, put together again. */
	char *value;
	size_t value_len;
	size_t value_size;

	enum key_state key; /* of the lines before: what an indented line would continue */
};

static void fail_inifile(struct ini_reader *r, int err)
{
	if (r->err == 0 && err < 0)
		r->err = err;
}

static void mistake(struct ini_reader *r, const char *text)
{
	fail_inifile(r, r->events->mistake(r->arg, r->number, text));
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
	char *bad = NULL;

	if (len > 0 && text[len - 1] == '\n')
		len--;
	if (len > 0 && text[len - 1] == '\r')
		len--;
	text[len] = '\0';
	for (char *s = text; s < text + len; s++) {
		if (((unsigned char)*s >= ' ' && *s != '\177') || *s == '\t')
			continue;
		*s = '?';
		if (!bad)
			bad = s;
	}
	return bad;
}

/* Ends TEXT where an inline comment begins, or its last blanks. The comment or NULL. */
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

static void take_section(struct ini_reader *r, char *text)
{
	char *name = text + 1, *end = strchr(name, ']'), *after = NULL;

	if (end) {
		*end = '\0';
		after = skip_blanks(end + 1);
	}
	r->key = KEY_NONE;
	fail_inifile(r, r->events->section(r->arg, r->number, name));
	if (!after)
		mistake(r, "a '[' without ']': write [NAME]");
	else if (after[0] != '\0' && after[0] != ';' && after[0] != '#')
		mistake(r, "text after the ']': write it on a line of its own");
}

/* A line that begins with '/' and is indented: more of the value before it. */
static void take_continuation(struct ini_reader *r, char *text)
{
	if (r->key == KEY_NONE)
		mistake(r, "this line continues nothing: write a key before it, as in mnt=/home");
	if (r->key != KEY_WANTED)
		return;
	r->is_continuation = true;
	shield(text);
	r->rest = text;
}

static void take_key_line(struct ini_reader *r, char *text)
{
	char *separator = strpbrk(text, "=:");

	if (separator)
		shield(skip_blanks(separator + 1));
	r->rest = text;
}

static void take_ini_line(struct ini_reader *r, char *text, bool is_indented, const char *bad)
{
	const char *comment = cut_comment(text);

	if (text[0] == '[') {
		take_section(r, text);
		return;
	}
	if (bad && bad < text + strlen(text))
		mistake(r, "a control character: remove it");
	r->swallowed = find_swallowed(comment);
	if (is_indented && text[0] == '/')
		take_continuation(r, text);
	else
		take_key_line(r, text);
}

static void refuse_line(struct ini_reader *r)
{
	if (r->line[0] == '/')
		mistake(r, "neither a section nor a key: indent a line that continues a list");
	else
		mistake(r, "neither a section nor a key: write [NAME] or KEY=VALUE");
	r->key = KEY_REFUSED;
}

/* What inih made of the line, now that all of it was handed over. */
static void end_line(struct ini_reader *r)
{
	if (!r->was_taken)
		refuse_line(r);
	if (r->key != KEY_WANTED)
		return;
	fail_inifile(r, r->events->value(r->arg, r->number, r->value, r->is_continuation));
	if (r->swallowed && r->err == 0)
		fail_inifile(r, r->events->swallowed(r->arg, r->number, r->swallowed, false));
}

static void take_comment_line(struct ini_reader *r, const char *text, bool is_indented)
{
	const char *swallowed = text[0] == ';' ? find_swallowed(text) : NULL;

	if (is_indented && swallowed && r->key == KEY_WANTED)
		fail_inifile(r, r->events->swallowed(r->arg, r->number, swallowed, true));
}

/* Reads a line and leaves in r->rest what of it is for inih. False at the end. */
static bool next_line(struct ini_reader *r)
{
	static const char bom[] = "\357\273\277";
	char *line, *bad, *text;
	ssize_t len;

	if (r->err != 0)
		return false;
	errno = 0;
	len = getline(&r->line, &r->line_size, r->file);
	if (ferror(r->file) || (len < 0 && !feof(r->file)))
		fail_inifile(r, errno != 0 ? -errno : -EIO);
	if (r->err != 0 || len < 0)
		return false;
	r->number++;
	r->pieces = 0;
	r->value_len = 0;
	r->is_continuation = r->was_taken = false;

	line = r->line;
	if (r->number == 1 && strncmp(line, bom, strlen(bom)) == 0)
		line += strlen(bom);
	bad = clean(line, (size_t)(r->line + len - line));
	text = skip_blanks(line);
	if (text[0] == ';' || text[0] == '#')
		take_comment_line(r, text, text > line);
	else if (text[0] != '\0')
		take_ini_line(r, text, text > line, bad);
	return true;
}

/*
 * The reader of inih: the next piece of a line, as a line of its own of at most
 * SIZE bytes with its NUL, or NULL at the end.
 */
static char *read_piece(char *buf, int size, void *arg)
{
	static const char shortest[] = "\tx\n";
	struct ini_reader *r = arg;
	size_t len, indent;

	if (size < (int)sizeof(shortest))
		fail_inifile(r, -EINVAL);
	if (r->err != 0)
		return NULL;
	if (r->pieces > 0 && !r->was_taken)
		r->rest = NULL;
	while (!r->rest) {
		if (r->pieces > 0)
			end_line(r);
		if (!next_line(r))
			return NULL;
	}
	indent = r->is_continuation || r->pieces > 0 ? 1 : 0;
	len = strnlen(r->rest, (size_t)size - indent - sizeof("\n"));
	buf[0] = '\t';
	memcpy(buf + indent, r->rest, len);
	memcpy(buf + indent + len, "\n", sizeof("\n"));
	r->rest = r->rest[len] != '\0' ? r->rest + len : NULL;
	r->pieces++;
	return buf;
}

static void add_to_value(struct ini_reader *r, const char *piece)
{
	size_t len = strlen(piece);

	/* The line holds the value, so its size is enough for all of it. */
	if (r->value_size < r->line_size) {
		char *value = realloc(r->value, r->line_size);

		if (!value) {
			fail_inifile(r, -ENOMEM);
			return;
		}
		r->value = value;
		r->value_size = r->line_size;
	}
	if (len >= r->value_size - r->value_len) {
		fail_inifile(r, -EOVERFLOW);
		return;
	}
	memcpy(r->value + r->value_len, piece, len + 1);
	unshield(r->value + r->value_len);
	r->value_len += len;
}

/* The handler of inih. What inih takes for the section is of no interest. */
static int take_piece(void *arg, const char *section, const char *name, const char *piece)
{
	struct ini_reader *r = arg;

	(void)section;
	if (!r->was_taken && !r->is_continuation) {
		int wanted = r->events->key(r->arg, r->number, name);

		fail_inifile(r, wanted);
		r->key = wanted > 0 ? KEY_WANTED : KEY_REFUSED;
	}
	r->was_taken = true;
	if (r->key == KEY_WANTED)
		add_to_value(r, piece);
	else
		r->rest = NULL;
	return 1;
}

int inifile_parse(FILE *file, const struct inifile_events *events, void *arg)
{
	struct ini_reader r = {.file = file, .events = events, .arg = arg};

	if (ini_parse_stream(read_piece, &r, take_piece, &r) < 0)
		fail_inifile(&r, -ENOMEM);
	free(r.line);
	free(r.value);
	return r.err;
}
