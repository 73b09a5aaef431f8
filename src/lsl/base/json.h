/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes one JSON text, RFC 8259, one member or element a line:
 *
 *	json_begin(&json, stdout);
 *	json_object(&json, NULL);
 *	json_string(&json, "name", "debian");
 *	json_end(&json);
 *	json_finish(&json);
 *
 * KEY is the member's name in an object, NULL in an array and for the whole.
 */
#ifndef LSL_JSON_H
#define LSL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define JSON_DEPTH_MAX 8

struct json {
	FILE *file;
	size_t depth;
	char closers[JSON_DEPTH_MAX];
	bool is_empty; /* the innermost object or array, so far */
};

void json_begin(struct json *json, FILE *file);
void json_object(struct json *json, const char *key);
void json_array(struct json *json, const char *key);

/* Ends the innermost object or array. */
void json_end(struct json *json);

/*
 * VALUE may have any bytes. The output is UTF-8 and harmless to a terminal:
 * control characters (visible.h) are escaped, each byte that belongs to no
 * character becomes U+FFFD. NULL becomes null.
 */
void json_string(struct json *json, const char *key, const char *value);

void json_number(struct json *json, const char *key, long value);

/* null if VALUE is negative: unknown. */
void json_count(struct json *json, const char *key, long value);

void json_bool(struct json *json, const char *key, bool value);

/* Ends the line. All that was begun has been ended. */
void json_finish(struct json *json);

#endif
