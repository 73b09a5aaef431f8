/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The state of the parser, only for conf.c, conf_lines.c and conf_values.c.
 * conf.c begins with an overview.
 */
#ifndef LSL_CONF_PARSER_H
#define LSL_CONF_PARSER_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/conf.h"

enum key {
	KEY_PATH,
	KEY_MNT,
	KEY_BINS,
	KEY_ENV_PATH,
	KEY_INTERPRETER,
	KEY_OWN,
	KEY_PEOPLE,
	KEY_ALLOW,
	KEY_SHARE,
	KEY_HOST,
	KEY_COUNT,
	KEY_NONE = KEY_COUNT, /* the section has none so far */
	KEY_REFUSED,
};

extern const char *const key_names[KEY_COUNT];

struct parser {
	struct conf *conf;
	const char *file; /* its path, one of conf's */
	size_t first_mistake; /* of the file, in conf */
	int status;
	unsigned int line; /* the current one */

	/* The section. */
	struct container *container; /* NULL before the first one */
	bool is_named; /* container has a valid name and is in conf */
	unsigned int key_lines[KEY_COUNT]; /* 0: not there */
	size_t record_size; /* what its record will need */

	/* The key whose value is read. */
	enum key key;
	bool is_empty; /* the value is empty so far */
	/* has an empty element before others; 0: none has */
	unsigned int gap_line;
	unsigned int open_line; /* ends with an empty element; 0: does not */
};

static inline bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * conf.c
 */

/* A line [NAME], with whatever is between the brackets. */
void conf_begin_section(struct parser *parser, const char *name);

/* A line NAME=; if its value is not wanted, the key is KEY_REFUSED. */
void conf_begin_key(struct parser *parser, const char *name);

/* Checks the whole value of the key. */
void conf_end_key(struct parser *parser);

/* The beginning of a text, for a message. */
struct excerpt {
	char text[128];
};

struct excerpt conf_excerpt(const char *text);

/* Ends the reading with STATUS, a negative errno. */
void fail_conf(struct parser *parser, int status);

char *conf_copy(struct parser *parser, const char *text);

/*
 * Returns ARRAY of COUNT elements of SIZE bytes with room for one more, or NULL
 * with ARRAY unchanged.
 */
void *conf_grow(struct parser *parser, void *array, size_t count, size_t size);

/* Adds a mistake in LINE, of the section that is read. */
void conf_refuse(struct parser *parser, unsigned int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The one of COUNT NAMES that NAME resembles most, or NULL. */
const char *nearest_name(const char *name, const char *const *names, size_t count);

/*
 * conf_values.c
 */

/*
 * The separator of KEY's list, which the end of a line stands for, too; 0: its
 * value is no list, and has one line.
 */
char conf_separator(enum key key);

/* Takes a line of the key's value, which is not empty. */
void conf_take_value(struct parser *parser, char *value);

/*
 * conf_lines.c: reads FILE to its end.
 */
void conf_read_lines(struct parser *parser, FILE *file);

#endif
