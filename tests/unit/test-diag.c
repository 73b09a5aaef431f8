/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "base/diag.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

static void add_three(struct diags *diags)
{
	const struct diag_place nowhere = {.check = "kernel"};
	const struct diag_place line = {"bins", "debian", "/etc/subsys.conf", 7};
	const struct diag_place file = {.check = "executor", .file = "/usr/bin/lslExecutor"};

	diag_add(diags, SEVERITY_OK, &nowhere, "Linux %d.%d", 5, 10);
	diag_add(diags, SEVERITY_WARNING, &line, "bins: %s does not exist", "/opt");
	diag_add(diags, SEVERITY_ERROR, &file, "no privilege");
	diag_command(diags, "sudo chmod 4755 %s", "/usr/bin/lslExecutor");
}

static void check_printed(const struct diags *diags, enum severity least, size_t width,
			  bool has_colour, const char *expected)
{
	struct terminal terminal = {.width = width, .has_colour = has_colour};
	char *printed = NULL;
	size_t size;
	FILE *file = open_memstream(&printed, &size);

	if (!file)
		abort();
	diags_print(diags, least, file, &terminal);
	fclose(file);
	CHECK_STR(printed, expected);
	free(printed);
}

TEST(test_diags_print__says_where_what_and_what_to_do)
{
	struct diags diags = {.list = NULL};

	add_three(&diags);
	check_printed(&diags, SEVERITY_OK, 0, false,
		      "ok       Linux 5.10\n"
		      "warning  /etc/subsys.conf:7: debian: bins: /opt does not exist\n"
		      "error    /usr/bin/lslExecutor: no privilege\n"
		      "         sudo chmod 4755 /usr/bin/lslExecutor\n");
	check_printed(&diags, SEVERITY_ERROR, 0, false,
		      "error    /usr/bin/lslExecutor: no privilege\n"
		      "         sudo chmod 4755 /usr/bin/lslExecutor\n");
	diags_clear(&diags);
	check_printed(&diags, SEVERITY_OK, 0, false, "");
}

TEST(test_diags_print__breaks_lines_for_a_terminal_but_no_remedy)
{
	struct diags diags = {.list = NULL};

	add_three(&diags);
	check_printed(&diags, SEVERITY_WARNING, 40, true,
		      "\033[33mwarning\033[0m  /etc/subsys.conf:7: debian:\n"
		      "         bins: /opt does not exist\n"
		      "\033[31merror\033[0m    /usr/bin/lslExecutor: no\n"
		      "         privilege\n"
		      "         sudo chmod 4755 /usr/bin/lslExecutor\n");
	diags_clear(&diags);
}

TEST(test_diag_command__can_be_pasted)
{
	const struct diag_place place = {.check = "x"};
	struct diags diags = {.list = NULL};

	diag_add(&diags, SEVERITY_ERROR, &place, "x\033[2J \342\200\256");
	diag_command(&diags, "sudo chown root:root %s; sudo chmod go-w %s; true", "/a b$(id)",
		     "/\033it's\\x");
	check_printed(&diags, SEVERITY_OK, 0, false,
		      "error    x\\x1b[2J \\u202e\n"
		      "         sudo chown root:root '/a b$(id)'; sudo chmod go-w "
		      "'/'$'\\033''it'\\''s'\\\\'x'; true\n");
	diags_clear(&diags);
}

TEST(test_diag_line__stands_as_it_is)
{
	const struct diag_place place = {.check = "x"};
	struct diags diags = {.list = NULL};

	diag_add(&diags, SEVERITY_ERROR, &place, "x");
	diag_line(&diags, "PATH=$PATH:%s", "/a b");
	check_printed(&diags, SEVERITY_OK, 0, false, "error    x\n         PATH=$PATH:/a b\n");
	diags_clear(&diags);
}

TEST(test_diags_worst__is_the_worst_of_all)
{
	struct diags diags = {.list = NULL};
	struct diag_place place = {.check = "x"};

	CHECK_INT(diags_worst(&diags), SEVERITY_OK);
	diag_add(&diags, SEVERITY_UNKNOWN, &place, "x");
	CHECK_INT(diags_worst(&diags), SEVERITY_UNKNOWN);
	diag_add(&diags, SEVERITY_ERROR, &place, "x");
	diag_add(&diags, SEVERITY_WARNING, &place, "x");
	CHECK_INT(diags_worst(&diags), SEVERITY_ERROR);
	diags_clear(&diags);
	diags.has_failed = true;
	CHECK_INT(diags_worst(&diags), SEVERITY_ERROR);
}

TEST(test_diags_to_json__has_every_member_always)
{
	struct diags diags = {.list = NULL};
	char *printed = NULL;
	struct json json;
	size_t size;
	FILE *file = open_memstream(&printed, &size);

	if (!file)
		abort();
	add_three(&diags);
	json_begin(&json, file);
	diags_to_json(&diags, SEVERITY_WARNING, &json, NULL);
	fclose(file);
	CHECK_STR(printed, "[\n"
			   "  {\n"
			   "    \"severity\": \"warning\",\n"
			   "    \"check\": \"bins\",\n"
			   "    \"container\": \"debian\",\n"
			   "    \"file\": \"/etc/subsys.conf\",\n"
			   "    \"line\": 7,\n"
			   "    \"text\": \"bins: /opt does not exist\",\n"
			   "    \"remedy\": null\n"
			   "  },\n"
			   "  {\n"
			   "    \"severity\": \"error\",\n"
			   "    \"check\": \"executor\",\n"
			   "    \"container\": null,\n"
			   "    \"file\": \"/usr/bin/lslExecutor\",\n"
			   "    \"line\": null,\n"
			   "    \"text\": \"no privilege\",\n"
			   "    \"remedy\": \"sudo chmod 4755 /usr/bin/lslExecutor\"\n"
			   "  }\n"
			   "]");
	free(printed);
	diags_clear(&diags);
}
