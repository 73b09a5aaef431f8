/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From sections, keys and values (conf_lines.c) to containers. A value is
 * checked when its line is read; checks of a whole value or section are made at
 * its end. A section whose name is not valid has a container too, so that its
 * lines are checked, but not one of conf's.
 *
 * Failures (no memory) are kept in parser->status and end the reading; the
 * first one counts. Mistakes of the file do not end it.
 */
#include "config.h"

#include "conf/conf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "conf/conf_parser.h"
#include "base/suggest.h"

const char *const key_names[KEY_COUNT] = {
	[KEY_PATH] = "path",
	[KEY_MNT] = "mnt",
	[KEY_BINS] = "bins",
	[KEY_ENV_PATH] = "envPath",
	[KEY_INTERPRETER] = "interpreter",
	[KEY_OWN] = "own",
	[KEY_PEOPLE] = "people",
	[KEY_ALLOW] = "allow",
	[KEY_SHARE] = "share",
	[KEY_HOST] = "host",
};

struct excerpt conf_excerpt(const char *text)
{
	struct excerpt e;
	size_t len = strnlen(text, sizeof(e.text));

	if (len < sizeof(e.text)) {
		memcpy(e.text, text, len + 1);
		return e;
	}
	len = sizeof(e.text) - sizeof("...");
	/* not inside of UTF-8 */
	while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	memcpy(e.text, text, len);
	memcpy(e.text + len, "...", sizeof("..."));
	return e;
}

void fail_conf(struct parser *parser, int status)
{
	if (parser->status == 0)
		parser->status = status;
}

char *conf_copy(struct parser *parser, const char *text)
{
	char *s = strdup(text);

	if (!s)
		fail_conf(parser, -ENOMEM);
	return s;
}

void *conf_grow(struct parser *parser, void *array, size_t count, size_t size)
{
	array = reallocarray(array, count + 1, size);
	if (!array)
		fail_conf(parser, -ENOMEM);
	return array;
}

static void insert_mistake(struct parser *parser, unsigned int line, int err, char *text)
{
	struct conf *conf = parser->conf;
	struct conf_mistake *mistakes;
	size_t i;

	mistakes = conf_grow(parser, conf->mistakes, conf->mistake_count, sizeof(*mistakes));
	if (!mistakes) {
		free(text);
		return;
	}
	conf->mistakes = mistakes;
	for (i = conf->mistake_count; i > parser->first_mistake && mistakes[i - 1].line > line; i--)
		mistakes[i] = mistakes[i - 1];
	mistakes[i].file = parser->file;
	mistakes[i].line = line;
	mistakes[i].err = err;
	mistakes[i].text = text;
	mistakes[i].container = parser->is_named ? parser->container : NULL;
	conf->mistake_count++;
}

void conf_refuse(struct parser *parser, unsigned int line, const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0) {
		fail_conf(parser, -ENOMEM);
		return;
	}
	insert_mistake(parser, line, 0, text);
	if (parser->container)
		parser->container->has_errors = true;
}

const char *nearest_name(const char *name, const char *const *names, size_t count)
{
	const char *nearest = NULL;
	size_t i, distance, best = SUGGEST_MAX;

	for (i = 0; i < count; i++) {
		distance = suggest_distance(name, names[i]);
		if (suggest_is_near(distance) && distance < best) {
			nearest = names[i];
			best = distance;
		}
	}
	return nearest;
}

/*
 * Keys and sections.
 */

void conf_end_key(struct parser *parser)
{
	if (parser->key < KEY_COUNT && parser->is_empty)
		conf_refuse(parser, parser->key_lines[parser->key],
			    "%s is empty: give it a value or remove the line",
			    key_names[parser->key]);
	else if (parser->key == KEY_ENV_PATH && (parser->gap_line != 0 || parser->open_line != 0))
		conf_refuse(
			parser, parser->gap_line != 0 ? parser->gap_line : parser->open_line,
			"envPath: an empty element means the current directory: remove the extra ':'");
	parser->key = KEY_NONE;
}

static void refuse_unknown_key(struct parser *parser, const char *name)
{
	const char *nearest = nearest_name(name, key_names, KEY_COUNT);

	if (name[0] == '/')
		conf_refuse(parser, parser->line,
			    "'%s' is not a key: a line that continues a list is indented",
			    conf_excerpt(name).text);
	else if (nearest)
		conf_refuse(parser, parser->line, "unknown key '%s': did you mean %s?",
			    conf_excerpt(name).text, nearest);
	else
		conf_refuse(
			parser, parser->line,
			"unknown key '%s': write one of path, mnt, bins, envPath, interpreter, own, people, allow, share, host",
			conf_excerpt(name).text);
}

/* A directory cannot be both the container's own and the host's. */
static void check_own_key(struct parser *parser)
{
	const struct container *container = parser->container;
	size_t i, j;

	for (i = 0; i < OWN_COUNT; i++)
		for (j = 0; container->own >> i & 1 && j < container->bind_count; j++)
			if (container->binds[j].target &&
			    strcmp(container->binds[j].target, container_own_paths[i]) == 0)
				conf_refuse(
					parser, parser->key_lines[KEY_OWN],
					"own: mnt has '%s' too (line %u): remove one of the two",
					container_own_paths[i], container->binds[j].line);
}

/* Whether all binds of A that change the root filesystem are also B's. */
static bool shares_files(const struct container *a, const struct container *b)
{
	size_t i, j;

	for (i = 0; i < a->bind_count; i++) {
		if (strncmp(a->binds[i].target, "/etc/", strlen("/etc/")) != 0)
			continue;
		for (j = 0; j < b->bind_count; j++)
			if (strcmp(a->binds[i].source, b->binds[j].source) == 0 &&
			    strcmp(a->binds[i].target, b->binds[j].target) == 0)
				break;
		if (j == b->bind_count)
			return false;
	}
	return true;
}

/*
 * lsl start writes files of the host into a root filesystem (hostfiles.h). Two
 * containers that have the same one need the same files there.
 */
static void check_shared_root(struct parser *parser)
{
	const struct container *container = parser->container, *other;
	size_t i;

	for (i = 0; i < parser->conf->container_count && parser->status == 0; i++) {
		other = parser->conf->containers[i];
		if (!container->path || !other->path || strcmp(container->path, other->path) != 0 ||
		    strcmp(container->name, other->name) == 0)
			continue;
		if (container->own != other->own || !shares_files(container, other) ||
		    !shares_files(other, container) ||
		    strcmp(container->people ? container->people : "",
			   other->people ? other->people : "") != 0) {
			conf_refuse(
				parser, parser->key_lines[KEY_PATH],
				"path: it is the root filesystem of [%s] too: give both the same own, people, and elements of mnt below /etc, or name another one",
				other->name);
			break;
		}
	}
}

static void end_section(struct parser *parser)
{
	struct container *container = parser->container;

	conf_end_key(parser);
	if (!container)
		return;
	if (parser->key_lines[KEY_PATH] == 0)
		conf_refuse(parser, container->line,
			    "[%s] has no path: add path=DIRECTORY, its root filesystem",
			    conf_excerpt(container->name).text);
	if (parser->key_lines[KEY_BINS] == 0)
		conf_refuse(
			parser, container->line,
			"[%s] has no bins: add bins=DIRECTORY;DIRECTORY, where its programs are",
			conf_excerpt(container->name).text);
	check_own_key(parser);
	check_shared_root(parser);
	container->path_line = parser->key_lines[KEY_PATH];
	container->bins_line = parser->key_lines[KEY_BINS];
	container->interpreter_line = parser->key_lines[KEY_INTERPRETER];
	container->share_line = parser->key_lines[KEY_SHARE];
	parser->container = NULL;
	if (parser->is_named)
		return;
	container_clear(container);
	free(container);
}

/*
 * Makes a container that is not yet in conf, so that its keys are checked in
 * any case.
 */
static void begin_section(struct parser *parser, const char *name)
{
	/* With the longest numbers. */
	static const char frame[] =
		"lsl=1\nname=\nnamespace=18446744073709551615:18446744073709551615:18446744073709551615\n"
		"bins=\nenvPath=\ninterpreter=\nshare=applications\nhost=no\npath=\nmnt=\ncopies=\n";
	struct container *container = calloc(1, sizeof(*container));

	parser->is_named = false;
	memset(parser->key_lines, 0, sizeof(parser->key_lines));
	parser->record_size = strlen(frame) + strlen(name);
	if (!container) {
		fail_conf(parser, -ENOMEM);
		return;
	}
	container->name = conf_copy(parser, name);
	if (!container->name) {
		free(container);
		return;
	}
	container->file = parser->file;
	container->line = parser->line;
	parser->container = container;
}

static void add_section(struct parser *parser)
{
	struct conf *conf = parser->conf;
	struct container *container = parser->container, *first = conf_find(conf, container->name);
	struct container **containers;

	containers =
		conf_grow(parser, conf->containers, conf->container_count, sizeof(*containers));
	if (!containers)
		return;
	conf->containers = containers;
	containers[conf->container_count++] = container;
	parser->is_named = true;
	if (!first)
		return;
	if (first->file == container->file)
		conf_refuse(parser, parser->line,
			    "[%s] is already in line %u: rename or remove one of the two",
			    container->name, first->line);
	else
		conf_refuse(parser, parser->line,
			    "[%s] is already in %s:%u: rename or remove one of the two",
			    container->name, first->file, first->line);
	first->has_errors = true;
}

void conf_begin_section(struct parser *parser, const char *name)
{
	end_section(parser);
	begin_section(parser, name);
	if (!parser->container)
		return;
	if (container_name_reserved(name))
		conf_refuse(parser, parser->line, "'%s' is reserved: rename the section", name);
	else if (container_name_valid(name, strlen(name)))
		add_section(parser);
	else
		conf_refuse(parser, parser->line,
			    "'%s' cannot be part of a command's name: write letters A-Z and a-z, "
			    "digits, '_', and after the first also '.' and '-', %d at most",
			    conf_excerpt(name).text, CONTAINER_NAME_MAX);
}

void conf_begin_key(struct parser *parser, const char *name)
{
	size_t key = 0;

	conf_end_key(parser);
	parser->key = KEY_REFUSED;
	while (key < KEY_COUNT && strcmp(name, key_names[key]) != 0)
		key++;
	if (!parser->container) {
		conf_refuse(parser, parser->line,
			    "'%s' belongs to no container: write a line [NAME] above it",
			    conf_excerpt(name).text);
	} else if (key == KEY_COUNT) {
		refuse_unknown_key(parser, name);
	} else if (parser->key_lines[key] != 0) {
		conf_refuse(parser, parser->line,
			    "%s is already set in line %u: remove one of the two", key_names[key],
			    parser->key_lines[key]);
	} else {
		parser->key = (enum key)key;
		parser->key_lines[key] = parser->line;
		parser->is_empty = true;
		parser->gap_line = parser->open_line = 0;
	}
}

/* The conf's own copy of PATH, or NULL without memory. */
static const char *add_file(struct conf *conf, const char *path)
{
	char **files = reallocarray(conf->files, conf->file_count + 1, sizeof(*files));

	if (!files)
		return NULL;
	conf->files = files;
	files[conf->file_count] = strdup(path);
	return files[conf->file_count] ? files[conf->file_count++] : NULL;
}

int conf_add(FILE *file, const char *path, struct conf *conf)
{
	struct parser parser = {
		.conf = conf,
		.file = add_file(conf, path),
		.first_mistake = conf->mistake_count,
		.key = KEY_NONE,
	};

	if (!parser.file)
		return -ENOMEM;
	conf_read_lines(&parser, file);
	end_section(&parser);
	return parser.status;
}

int conf_add_unreadable(struct conf *conf, const char *path, int err, const char *why)
{
	struct parser parser = {
		.conf = conf,
		.file = add_file(conf, path),
		.first_mistake = conf->mistake_count,
	};
	char *text = parser.file ? conf_copy(&parser, why) : NULL;

	if (!text)
		return -ENOMEM;
	insert_mistake(&parser, 0, -err, text);
	return parser.status;
}

int conf_parse(FILE *file, const char *path, struct conf *conf)
{
	int status;

	memset(conf, 0, sizeof(*conf));
	status = conf_add(file, path, conf);
	if (status < 0)
		conf_clear(conf);
	return status;
}

struct container *conf_find(const struct conf *conf, const char *name)
{
	size_t i;

	for (i = 0; i < conf->container_count; i++)
		if (strcmp(conf->containers[i]->name, name) == 0)
			return conf->containers[i];
	return NULL;
}

struct conf_allow_line conf_allow_line(unsigned int allowed)
{
	struct conf_allow_line line = {""};
	const char *separator = "=";
	size_t i, len;

	strcpy(line.text, key_names[KEY_ALLOW]);
	for (i = 0; i < ALLOW_COUNT; i++) {
		if (!(allowed & 1U << i))
			continue;
		len = strlen(line.text);
		snprintf(line.text + len, sizeof(line.text) - len, "%s%s", separator,
			 container_allowances[i]);
		separator = ";";
	}
	return line;
}

void conf_clear(struct conf *conf)
{
	size_t i;

	for (i = 0; i < conf->container_count; i++) {
		container_clear(conf->containers[i]);
		free(conf->containers[i]);
	}
	for (i = 0; i < conf->mistake_count; i++)
		free(conf->mistakes[i].text);
	for (i = 0; i < conf->file_count; i++)
		free(conf->files[i]);
	free(conf->containers);
	free(conf->mistakes);
	free(conf->files);
	memset(conf, 0, sizeof(*conf));
}
