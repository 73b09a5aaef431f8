/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/json.h"

#include <stdint.h>
#include <string.h>

#include "utf8.h"
#include "visible.h"

static void print_string(FILE *file, const char *text)
{
	size_t len = strlen(text), bytes;
	uint32_t code;

	fputc('"', file);
	for (; len; text += bytes, len -= bytes) {
		bytes = utf8_decode(text, len, &code);
		if (code == '"' || code == '\\')
			fprintf(file, "\\%c", (int)code);
		else if (code == '\n')
			fputs("\\n", file);
		else if (code == '\t')
			fputs("\\t", file);
		else if (visible_is_control(code) || (code == UTF8_REPLACEMENT && bytes == 1))
			fprintf(file, "\\u%04x", (unsigned int)code);
		else
			fwrite(text, 1, bytes, file);
	}
	fputc('"', file);
}

static void new_line(const struct json *json)
{
	fprintf(json->file, "\n%*s", (int)(2 * json->depth), "");
}

/* Prints the text before a value. */
static void begin_value(struct json *json, const char *key)
{
	if (!json->is_empty)
		fputc(',', json->file);
	if (json->depth)
		new_line(json);
	json->is_empty = false;
	if (!key)
		return;
	print_string(json->file, key);
	fputs(": ", json->file);
}

static void open_bracket(struct json *json, const char *key, char opener, char closer)
{
	begin_value(json, key);
	fputc(opener, json->file);
	json->closers[json->depth++] = closer;
	json->is_empty = true;
}

void json_begin(struct json *json, FILE *file)
{
	json->file = file;
	json->depth = 0;
	json->is_empty = true;
}

void json_object(struct json *json, const char *key)
{
	open_bracket(json, key, '{', '}');
}

void json_array(struct json *json, const char *key)
{
	open_bracket(json, key, '[', ']');
}

void json_end(struct json *json)
{
	json->depth--;
	if (!json->is_empty)
		new_line(json);
	fputc(json->closers[json->depth], json->file);
	json->is_empty = false;
}

void json_string(struct json *json, const char *key, const char *value)
{
	begin_value(json, key);
	if (value)
		print_string(json->file, value);
	else
		fputs("null", json->file);
}

void json_number(struct json *json, const char *key, long value)
{
	begin_value(json, key);
	fprintf(json->file, "%ld", value);
}

void json_count(struct json *json, const char *key, long value)
{
	if (value < 0)
		json_string(json, key, NULL);
	else
		json_number(json, key, value);
}

void json_bool(struct json *json, const char *key, bool value)
{
	begin_value(json, key);
	fputs(value ? "true" : "false", json->file);
}

void json_finish(struct json *json)
{
	fputc('\n', json->file);
}
