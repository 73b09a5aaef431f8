/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lsl.h"

#include <errno.h>
#include <fnmatch.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "create/archname.h"
#include "create/imageserver.h"
#include "create/making.h"
#include "base/json.h"
#include "base/table.h"
#include "base/transfer.h"

/*
 * Gets the list in a process that is forked before lsl is confined. Ctrl-C ends
 * the tools, the line on the terminal, and then lsl.
 */
static int get_list(struct making *making)
{
	struct making_answer answer = {.status = -EPERM};
	struct forked maker;

	if (!making_start(&maker, making))
		return LSL_FAILED;
	if (lsl_confine(making->options, NULL, 0)) {
		signal(SIGINT, SIG_IGN);
		making_ask(&maker, MAKING_LIST, "", &answer);
		signal(SIGINT, SIG_DFL);
	}
	if (answer.status == -EINTR)
		raise(SIGINT);
	if (answer.failure.text[0])
		lsl_say("%s", answer.failure.text);
	forked_end(&maker);
	if (answer.status < 0)
		return answer.status == -EINVAL ? LSL_USAGE : LSL_FAILED;
	return LSL_OK;
}

static int read_index(const struct making *making, struct imageindex *index)
{
	struct failure failure;
	struct stat st;
	char *lines;
	ssize_t n;

	if (fstat(making->list, &st) < 0 || !(lines = malloc((size_t)st.st_size + 1))) {
		lsl_say("cannot read the list of images: %s", strerror(errno));
		return LSL_FAILED;
	}
	n = pread(making->list, lines, (size_t)st.st_size, 0);
	lines[n > 0 ? n : 0] = '\0';
	if (imageserver_parse(making->options, lines, index, &failure) == 0)
		return LSL_OK;
	lsl_say("%s", failure.text);
	return LSL_FAILED;
}

/*
 * A pattern of the shell matches a whole name; any other word matches a part.
 */
static bool name_matches(const char *name, const char *pattern)
{
	return strpbrk(pattern, "*?[") ? fnmatch(pattern, name, FNM_CASEFOLD) == 0
				       : strcasestr(name, pattern) != NULL;
}

static bool is_image_wanted(const struct options *options, const struct archname *arch,
			    const struct image *image)
{
	size_t i;

	if (arch && strcmp(image->architecture, arch->debian) != 0)
		return false;
	for (i = 0; options->name_count && i < image->name_count; i++)
		if (name_matches(image->names[i], options->names[0]))
			return true;
	return options->name_count == 0;
}

/* The releases that the image has names for, "trixie, 13"; NULL: none. */
static char *list_releases(const struct image *image)
{
	const char *release, *variant;
	char *list = NULL;
	size_t i;

	for (i = 0; i < image->name_count; i++) {
		release = image->names[i] + strcspn(image->names[i], "/");
		variant = strrchr(release, '/');
		if (variant && release[1] && strcmp(variant, "/default") != 0)
			(void)image_add_word(&list, release + 1);
	}
	return list;
}

static void add_image_row(struct table *table, const struct image *image)
{
	char *releases = list_releases(image), date[16], size[16];
	char *distribution = strndup(image->names[0], strcspn(image->names[0], "/"));

	image_date(image, date);
	transfer_format_size(size, sizeof(size), image->size);
	table_add(table, distribution, STYLE_PLAIN);
	table_add(table, releases, STYLE_PLAIN);
	table_add(table, image->architecture, STYLE_PLAIN);
	table_add(table, date, STYLE_PLAIN);
	table_add(table, size, STYLE_PLAIN);
	free(distribution);
	free(releases);
}

static int print_text(const struct options *options, const struct archname *arch,
		      const struct imageindex *index)
{
	static const struct table_column columns[] = {
		{"DISTRIBUTION", false, true}, {"RELEASE", false, true}, {"ARCH", false, false},
		{"DATE", false, false},        {"SIZE", true, false},
	};
	struct terminal terminal = terminal_of(STDOUT_FILENO);
	struct table *table = table_new(columns, sizeof(columns) / sizeof(columns[0]));
	int status;
	size_t i;

	for (i = 0; table && i < index->count; i++)
		if (is_image_wanted(options, arch, &index->images[i]))
			add_image_row(table, &index->images[i]);
	status = table ? table_print(table, stdout, &terminal) : -ENOMEM;
	table_free(table);
	if (status < 0)
		lsl_say("cannot print the list: %s", strerror(-status));
	return status < 0 ? LSL_FAILED : LSL_OK;
}

static void print_image(struct json *json, const struct image *image)
{
	char date[16];
	size_t i;

	image_date(image, date);
	json_object(json, NULL);
	json_array(json, "names");
	for (i = 0; i < image->name_count; i++)
		json_string(json, NULL, image->names[i]);
	json_end(json);
	json_string(json, "architecture", image->architecture);
	json_string(json, "date", date);
	json_string(json, "version", image->version);
	json_number(json, "size", image->size);
	json_string(json, "sha256", image->sha256);
	json_end(json);
}

static void print_json(const struct options *options, const struct archname *arch,
		       const struct imageindex *index)
{
	struct json json;
	size_t i;

	lsl_begin_json(&json);
	json_string(&json, "server", options->server);
	json_array(&json, "images");
	for (i = 0; i < index->count; i++)
		if (is_image_wanted(options, arch, &index->images[i]))
			print_image(&json, &index->images[i]);
	json_end(&json);
	lsl_end_json(&json);
}

int lsl_images(const struct options *given)
{
	struct options options = *given;
	const struct archname *arch = NULL;
	struct making making = {.options = &options, .list = memfd_create("images", MFD_CLOEXEC)};
	struct imageindex index;
	struct failure failure;
	int status;

	if (options.arch && !(arch = archname_wanted(options.arch, &failure))) {
		lsl_say("%s", failure.text);
		return LSL_USAGE;
	}
	if (!options.server)
		options.server = LSL_IMAGE_SERVER;
	status = get_list(&making);
	if (status == LSL_OK)
		status = read_index(&making, &index);
	if (status != LSL_OK)
		return status;
	if (options.json)
		print_json(&options, arch, &index);
	else
		status = print_text(&options, arch, &index);
	imageindex_clear(&index);
	return lsl_flush() ? status : LSL_FAILED;
}
