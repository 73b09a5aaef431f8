/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

struct output {
	FILE *file;
	char *text;
	size_t size;
};

static void output_begin(struct output *output, struct json *json)
{
	output->file = open_memstream(&output->text, &output->size);
	if (!output->file)
		abort();
	json_begin(json, output->file);
}

static void output_check(struct output *output, const char *expected)
{
	fclose(output->file);
	CHECK_STR(output->text, expected);
	free(output->text);
}

TEST(test_json__objects_and_arrays_nest)
{
	struct output output;
	struct json json;

	output_begin(&output, &json);
	json_object(&json, NULL);
	json_number(&json, "format", 1);
	json_array(&json, "list");
	json_string(&json, NULL, "one");
	json_object(&json, NULL);
	json_bool(&json, "yes", true);
	json_bool(&json, "no", false);
	json_end(&json);
	json_end(&json);
	json_string(&json, "last", "x");
	json_end(&json);
	json_finish(&json);
	output_check(&output, "{\n"
			      "  \"format\": 1,\n"
			      "  \"list\": [\n"
			      "    \"one\",\n"
			      "    {\n"
			      "      \"yes\": true,\n"
			      "      \"no\": false\n"
			      "    }\n"
			      "  ],\n"
			      "  \"last\": \"x\"\n"
			      "}\n");
}

TEST(test_json__empty_ones_are_whole)
{
	struct output output;
	struct json json;

	output_begin(&output, &json);
	json_object(&json, NULL);
	json_array(&json, "a");
	json_end(&json);
	json_object(&json, "o");
	json_end(&json);
	json_end(&json);
	json_finish(&json);
	output_check(&output, "{\n  \"a\": [],\n  \"o\": {}\n}\n");
}

TEST(test_json__what_is_unknown_is_null)
{
	struct output output;
	struct json json;

	output_begin(&output, &json);
	json_array(&json, NULL);
	json_string(&json, NULL, NULL);
	json_count(&json, NULL, -1);
	json_count(&json, NULL, 0);
	json_number(&json, NULL, -1);
	json_end(&json);
	output_check(&output, "[\n  null,\n  null,\n  0,\n  -1\n]");
}

static void check_string(const char *value, const char *expected)
{
	struct output output;
	struct json json;

	output_begin(&output, &json);
	json_string(&json, NULL, value);
	output_check(&output, expected);
}

TEST(test_json_string__escapes_what_has_to_be)
{
	check_string("", "\"\"");
	check_string("/srv/rootfs", "\"/srv/rootfs\"");
	check_string("a\"b\\c", "\"a\\\"b\\\\c\"");
	check_string("a\nb\tc", "\"a\\nb\\tc\"");
	check_string("\001\033\037\177", "\"\\u0001\\u001b\\u001f\\u007f\"");
	check_string("\302\233\342\200\256\342\200\250", "\"\\u009b\\u202e\\u2028\"");
}

TEST(test_json_string__is_utf8_whatever_the_bytes_are)
{
	check_string("\303\251\342\202\254\360\237\220\247",
		     "\"\303\251\342\202\254\360\237\220\247\"");
	check_string("caf\351", "\"caf\\ufffd\"");
	check_string("\377\376", "\"\\ufffd\\ufffd\"");
	check_string("cut \342\202", "\"cut \\ufffd\\ufffd\"");
	check_string("\355\240\200", "\"\\ufffd\\ufffd\\ufffd\"");
	/* an overlong quotation mark */
	check_string("\300\242", "\"\\ufffd\\ufffd\"");
	check_string("\357\277\275", "\"\357\277\275\"");
}

TEST(test_json_string__so_are_names)
{
	struct output output;
	struct json json;

	output_begin(&output, &json);
	json_object(&json, NULL);
	json_number(&json, "a\"\351", 1);
	json_end(&json);
	output_check(&output, "{\n  \"a\\\"\\ufffd\": 1\n}");
}
