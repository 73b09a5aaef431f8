/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values of keys. */
#include "config.h"

#include "conf/conf_parser.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pathnames.h"
#include "files/pathtext.h"
#include "record.h"

/*
 * Text.
 */

static char *strip(char *s)
{
	size_t len;

	while (is_blank(*s))
		s++;
	len = strlen(s);
	while (len > 0 && is_blank(s[len - 1]))
		len--;
	s[len] = '\0';
	return s;
}

/*
 * Paths.
 */

static bool has_dots(const char *path)
{
	size_t len;

	while (*path != '\0') {
		path += strspn(path, "/");
		len = strcspn(path, "/");
		if ((len == 1 && path[0] == '.') || (len == 2 && path[0] == '.' && path[1] == '.'))
			return true;
		path += len;
	}
	return false;
}

/*
 * Whether PATH is valid in the configuration; if so, changes it into its
 * shortest form.
 */
static bool take_path_text(struct parser *parser, char *path)
{
	const char *key = key_names[parser->key];

	if (path[0] != '/') {
		conf_refuse(parser, parser->line,
			    "%s: '%s' is not absolute: write the whole path, beginning with '/'",
			    key, conf_excerpt(path).text);
		return false;
	}
	if (strstr(path, " # ")) {
		conf_refuse(
			parser, parser->line,
			"%s: '%s': a '#' begins a comment only at the beginning of a line: write the comment on a separate line",
			key, conf_excerpt(path).text);
		return false;
	}
	if (has_dots(path)) {
		conf_refuse(parser, parser->line,
			    "%s: '%s' has '.' or '..' in it: write the path without", key,
			    conf_excerpt(path).text);
		return false;
	}
	path_squeeze_slashes(path);
	return true;
}

/*
 * Values. Each function gets the part of a key's value on one line, and sets
 * members of the container.
 */

static bool is_full(const struct parser *parser)
{
	return parser->record_size > RECORD_SIZE_MAX;
}

/* Whether SIZE bytes more fit into the container's record. */
static bool fits(struct parser *parser, size_t size)
{
	if (is_full(parser))
		return false;
	parser->record_size += size;
	if (!is_full(parser))
		return true;
	conf_refuse(parser, parser->line,
		    "%s: more than %ld bytes for one container: name directories, not each file",
		    key_names[parser->key], RECORD_SIZE_MAX);
	return false;
}

static void take_single_path(struct parser *parser, char *value, char **result)
{
	parser->is_empty = false;
	if (!take_path_text(parser, value) || !fits(parser, strlen(value)))
		return;
	*result = conf_copy(parser, value);
}

static void take_path(struct parser *parser, char *value)
{
	take_single_path(parser, value, &parser->container->path);
	if (!parser->container->path || strcmp(parser->container->path, "/") != 0)
		return;
	conf_refuse(
		parser, parser->line,
		"path: '/' is the host's own root: name the directory of another root filesystem");
}

static void take_interpreter(struct parser *parser, char *value)
{
	take_single_path(parser, value, &parser->container->interpreter);
}

/* Splits ELEMENT. If it has only one half, both are the same text. */
static bool split_bind(struct parser *parser, char *element, char **source, char **target)
{
	char *colon = strchr(element, ':');

	*source = *target = element;
	if (!colon)
		return take_path_text(parser, element);
	if (strchr(colon + 1, ':')) {
		conf_refuse(parser, parser->line,
			    "mnt: '%s' has more than one ':': write SOURCE:TARGET, and ';' between "
			    "elements",
			    conf_excerpt(element).text);
		return false;
	}
	if (is_blank(colon[1]) || (colon > element && is_blank(colon[-1]))) {
		conf_refuse(parser, parser->line,
			    "mnt: '%s' has blanks beside the ':': write SOURCE:TARGET",
			    conf_excerpt(element).text);
		return false;
	}
	*colon = '\0';
	*target = colon + 1;
	return take_path_text(parser, *source) && take_path_text(parser, *target);
}

/* Whether it makes sense to mount SOURCE at TARGET. */
static bool can_bind(struct parser *parser, const char *source, const char *target)
{
	if (strcmp(target, "/") == 0) {
		conf_refuse(
			parser, parser->line,
			"mnt: '%s' would hide the whole container: mount it at a directory in it",
			conf_excerpt(source).text);
		return false;
	}
	if (path_is_at_or_below(target, PATH_OLDROOT)) {
		conf_refuse(parser, parser->line,
			    "mnt: '%s' is where the host's root is: mount it at another directory",
			    conf_excerpt(target).text);
		return false;
	}
	if (path_is_at_or_below(source, PATH_LINKSDIR)) {
		conf_refuse(
			parser, parser->line,
			"mnt: '%s' is the command directory, which leads back into the containers: "
			"remove it from mnt",
			conf_excerpt(source).text);
		return false;
	}
	return true;
}

static void take_bind(struct parser *parser, char *element)
{
	struct container *container = parser->container;
	struct bind *binds;
	char *source, *target;
	size_t i;

	if (!split_bind(parser, element, &source, &target) || !can_bind(parser, source, target) ||
	    is_full(parser))
		return;
	for (i = 0; i < container->bind_count; i++) {
		if (strcmp(container->binds[i].target, target) != 0)
			continue;
		if (strcmp(container->binds[i].source, source) != 0)
			conf_refuse(parser, parser->line,
				    "mnt: both '%s' (line %u) and '%s' would be mounted at '%s': "
				    "remove one of them",
				    conf_excerpt(container->binds[i].source).text,
				    container->binds[i].line, conf_excerpt(source).text,
				    conf_excerpt(target).text);
		return;
	}
	if (!fits(parser, strlen(source) + strlen(target) + strlen(":;")))
		return;
	binds = conf_grow(parser, container->binds, container->bind_count, sizeof(*binds));
	if (!binds)
		return;
	container->binds = binds;
	binds += container->bind_count++;
	binds->source = conf_copy(parser, source);
	binds->target = conf_copy(parser, target);
	binds->line = parser->line;
}

static void take_bin(struct parser *parser, char *element)
{
	struct container *container = parser->container;
	char **bins;
	size_t i;

	if (!take_path_text(parser, element) || is_full(parser))
		return;
	if (path_is_at_or_below(element, PATH_LINKSDIR) ||
	    path_is_at_or_below(element, PATH_OLDROOT PATH_LINKSDIR)) {
		conf_refuse(parser, parser->line,
			    "bins: '%s' is the command directory, which is made from bins: "
			    "remove it from bins",
			    conf_excerpt(element).text);
		return;
	}
	for (i = 0; i < container->bin_count; i++)
		if (strcmp(container->bins[i], element) == 0)
			return;
	if (!fits(parser, strlen(element) + strlen(";")))
		return;
	bins = conf_grow(parser, container->bins, container->bin_count, sizeof(*bins));
	if (!bins)
		return;
	container->bins = bins;
	bins[container->bin_count++] = conf_copy(parser, element);
}

static void append_element(struct parser *parser, char **list, const char *separator,
			   const char *element)
{
	char *longer;

	if (asprintf(&longer, "%s%s%s", *list ? *list : "", *list ? separator : "", element) < 0) {
		fail_conf(parser, -ENOMEM);
		return;
	}
	free(*list);
	*list = longer;
}

static void add_to_env_path(struct parser *parser, const char *element)
{
	if (strstr(element, ";/")) {
		conf_refuse(parser, parser->line,
			    "envPath: '%s' is one directory: write ':' between directories",
			    conf_excerpt(element).text);
		return;
	}
	if (element[0] != '/') {
		conf_refuse(
			parser, parser->line,
			"envPath: '%s' is relative to the current directory: write the whole path, beginning with '/'",
			conf_excerpt(element).text);
		return;
	}
	if (!fits(parser, strlen(":") + strlen(element)))
		return;
	append_element(parser, &parser->container->env_path, ":", element);
}

static void take_env_path(struct parser *parser, char *value)
{
	char *element;

	parser->open_line = 0;
	while (parser->status == 0 && (element = strsep(&value, ":"))) {
		element = strip(element);
		if (element[0] != '\0') {
			parser->is_empty = false;
			add_to_env_path(parser, element);
		} else if (!value) {
			parser->open_line = parser->line;
		} else {
			parser->is_empty = false;
			parser->gap_line = parser->line;
		}
	}
}

static void refuse_allowance(struct parser *parser, const char *name)
{
	const char *nearest = nearest_name(name, container_allowances, ALLOW_COUNT);

	if (nearest)
		conf_refuse(parser, parser->line, "allow: unknown '%s': did you mean %s?",
			    conf_excerpt(name).text, nearest);
	else
		conf_refuse(
			parser, parser->line,
			"allow: unknown '%s': write one or more of shared-rootfs, empty-root-password, suid-mnt",
			conf_excerpt(name).text);
}

static void take_allowance(struct parser *parser, char *element)
{
	size_t i = 0;

	while (i < ALLOW_COUNT && strcmp(element, container_allowances[i]) != 0)
		i++;
	if (i < ALLOW_COUNT && !fits(parser, strlen(element) + strlen("allow=;\n")))
		return;
	if (i < ALLOW_COUNT)
		parser->container->allowed |= 1U << i;
	else
		refuse_allowance(parser, element);
}

static void take_own_path(struct parser *parser, char *element)
{
	size_t i = 0;

	path_squeeze_slashes(element);
	while (i < OWN_COUNT && strcmp(element, container_own_paths[i]) != 0)
		i++;
	if (i < OWN_COUNT && !fits(parser, strlen(element) + strlen("own=;\n")))
		return;
	if (i < OWN_COUNT)
		parser->container->own |= 1U << i;
	else
		conf_refuse(parser, parser->line, "own: unknown '%s': write /run, /dev/shm or both",
			    conf_excerpt(element).text);
}

static void take_shared(struct parser *parser, char *element)
{
	if (strcmp(element, RECORD_SHARE_APPLICATIONS) == 0)
		parser->container->shares_applications = true;
	else
		conf_refuse(parser, parser->line, "share: unknown '%s': write %s",
			    conf_excerpt(element).text, RECORD_SHARE_APPLICATIONS);
}

/* A user's uid: not root's, and (uid_t)-1 is nobody's. */
static bool is_uid(const char *text)
{
	unsigned long long uid;

	if (strspn(text, "0123456789") != strlen(text))
		return false;
	errno = 0;
	uid = strtoull(text, NULL, 10);
	return errno == 0 && uid > 0 && uid < UINT32_MAX;
}

static bool has_person(const char *people, const char *uid)
{
	size_t len = strlen(uid);

	for (; people; people = strchr(people, ';')) {
		people += *people == ';';
		if (strncmp(people, uid, len) == 0 && (!people[len] || people[len] == ';'))
			return true;
	}
	return false;
}

static void take_uid(struct parser *parser, char *element)
{
	while (element[0] == '0' && element[1])
		element++;
	if (!is_uid(element)) {
		conf_refuse(
			parser, parser->line,
			"people: '%s' is not a person's uid: write a number, as id -u prints it",
			conf_excerpt(element).text);
		return;
	}
	if (has_person(parser->container->people, element) ||
	    !fits(parser, strlen(element) + strlen("people=;\n")))
		return;
	append_element(parser, &parser->container->people, ";", element);
}

static void take_host(struct parser *parser, char *value)
{
	parser->is_empty = !*value;
	if (strcmp(value, "no") == 0)
		parser->container->has_no_commands = true;
	else
		conf_refuse(parser, parser->line,
			    "host: unknown '%s': write no, or leave the key out",
			    conf_excerpt(value).text);
}

static const struct key_rule {
	/* for the whole value on a line, or for each element of a list */
	void (*take)(struct parser *parser, char *text);
	void (*take_element)(struct parser *parser, char *element);
} key_rules[KEY_COUNT] = {
	[KEY_PATH] = {take_path, NULL},
	[KEY_MNT] = {NULL, take_bind},
	[KEY_BINS] = {NULL, take_bin},
	[KEY_ENV_PATH] = {take_env_path, NULL},
	[KEY_INTERPRETER] = {take_interpreter, NULL},
	[KEY_OWN] = {NULL, take_own_path},
	[KEY_PEOPLE] = {NULL, take_uid},
	[KEY_ALLOW] = {NULL, take_allowance},
	[KEY_SHARE] = {NULL, take_shared},
	[KEY_HOST] = {take_host, NULL},
};

char conf_separator(enum key key)
{
	if (key == KEY_ENV_PATH)
		return ':';
	return key_rules[key].take_element ? ';' : '\0';
}

void conf_take_value(struct parser *parser, char *value)
{
	const struct key_rule *rule = &key_rules[parser->key];
	char *element;

	if (rule->take) {
		rule->take(parser, value);
		return;
	}
	while (parser->status == 0 && (element = strsep(&value, ";"))) {
		element = strip(element);
		if (element[0] == '\0')
			continue;
		parser->is_empty = false;
		rule->take_element(parser, element);
	}
}
