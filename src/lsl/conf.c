/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From keys and values (inifile.h) to containers. A value is checked when its
 * line is read; checks of a whole value or section are made at its end. A
 * section whose name is not valid has a container too, so that its lines are
 * checked, but not one of conf's.
 *
 * Failures (no memory) are kept in parser->status and end the reading; the
 * first one counts. Mistakes of the file do not end it.
 */
#include "config.h"

#include "conf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "inifile.h"
#include "pathnames.h"
#include "pathtext.h"
#include "record.h"
#include "suggest.h"

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
	KEY_NONE = KEY_COUNT,
};

static const char *const key_names[KEY_COUNT] = {
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

/* The beginning of a text, for a message. */
struct excerpt {
	char text[128];
};

static struct excerpt excerpt(const char *text)
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

static void fail_conf(struct parser *parser, int status)
{
	if (parser->status == 0)
		parser->status = status;
}

static char *copy(struct parser *parser, const char *text)
{
	char *s = strdup(text);

	if (!s)
		fail_conf(parser, -ENOMEM);
	return s;
}

/*
 * Returns ARRAY of COUNT elements of SIZE bytes with room for one more, or NULL
 * with ARRAY unchanged.
 */
static void *grow(struct parser *parser, void *array, size_t count, size_t size)
{
	if (count != 0 && (count & (count - 1)) != 0)
		return array; /* it has room for the next power of two */
	array = reallocarray(array, count == 0 ? 1 : 2 * count, size);
	if (!array)
		fail_conf(parser, -ENOMEM);
	return array;
}

static void insert_mistake(struct parser *parser, unsigned int line, int err, char *text)
{
	struct conf *conf = parser->conf;
	struct conf_mistake *mistakes;
	size_t i;

	mistakes = grow(parser, conf->mistakes, conf->mistake_count, sizeof(*mistakes));
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

static void mistake(struct parser *parser, unsigned int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void mistake(struct parser *parser, unsigned int line, const char *format, ...)
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

/*
 * Text.
 */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

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

/* The one of COUNT NAMES that NAME resembles most, or NULL. */
static const char *nearest_name(const char *name, const char *const *names, size_t count)
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
		mistake(parser, parser->line,
			"%s: '%s' is not absolute: write the whole path, beginning with '/'", key,
			excerpt(path).text);
		return false;
	}
	if (strstr(path, " # ")) {
		mistake(parser, parser->line,
			"%s: '%s': a '#' begins a comment only at the beginning of a line: write the comment on a separate line",
			key, excerpt(path).text);
		return false;
	}
	if (has_dots(path)) {
		mistake(parser, parser->line,
			"%s: '%s' has '.' or '..' in it: write the path without", key,
			excerpt(path).text);
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
	mistake(parser, parser->line,
		"%s: more than %ld bytes for one container: name directories, not each file",
		key_names[parser->key], RECORD_SIZE_MAX);
	return false;
}

static void take_single_path(struct parser *parser, char *value, char **result)
{
	parser->is_empty = false;
	if (!take_path_text(parser, value) || !fits(parser, strlen(value)))
		return;
	*result = copy(parser, value);
}

static void take_path(struct parser *parser, char *value)
{
	take_single_path(parser, value, &parser->container->path);
	if (!parser->container->path || strcmp(parser->container->path, "/") != 0)
		return;
	mistake(parser, parser->line,
		"path: '/' is the host's own root: name the directory of another root filesystem");
}

static void take_interpreter(struct parser *parser, char *value)
{
	take_single_path(parser, value, &parser->container->interpreter);
}

static void take_list(struct parser *parser, char *value,
		      void (*take)(struct parser *parser, char *element))
{
	char *element;

	while (parser->status == 0 && (element = strsep(&value, ";"))) {
		element = strip(element);
		if (element[0] == '\0')
			continue;
		parser->is_empty = false;
		take(parser, element);
	}
}

/* Splits ELEMENT. If it has only one half, both are the same text. */
static bool split_bind(struct parser *parser, char *element, char **source, char **target)
{
	char *colon = strchr(element, ':');

	*source = *target = element;
	if (!colon)
		return take_path_text(parser, element);
	if (strchr(colon + 1, ':')) {
		mistake(parser, parser->line,
			"mnt: '%s' has more than one ':': write SOURCE:TARGET, and ';' between "
			"elements",
			excerpt(element).text);
		return false;
	}
	if (is_blank(colon[1]) || (colon > element && is_blank(colon[-1]))) {
		mistake(parser, parser->line,
			"mnt: '%s' has blanks beside the ':': write SOURCE:TARGET",
			excerpt(element).text);
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
		mistake(parser, parser->line,
			"mnt: '%s' would hide the whole container: mount it at a directory in it",
			excerpt(source).text);
		return false;
	}
	if (path_is_at_or_below(target, PATH_OLDROOT)) {
		mistake(parser, parser->line,
			"mnt: '%s' is where the host's root is: mount it at another directory",
			excerpt(target).text);
		return false;
	}
	if (path_is_at_or_below(source, PATH_LINKSDIR)) {
		mistake(parser, parser->line,
			"mnt: '%s' is the command directory, which leads back into the containers: "
			"remove it from mnt",
			excerpt(source).text);
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
			mistake(parser, parser->line,
				"mnt: both '%s' (line %u) and '%s' would be mounted at '%s': "
				"remove one of them",
				excerpt(container->binds[i].source).text, container->binds[i].line,
				excerpt(source).text, excerpt(target).text);
		return;
	}
	if (!fits(parser, strlen(source) + strlen(target) + strlen(":;")))
		return;
	binds = grow(parser, container->binds, container->bind_count, sizeof(*binds));
	if (!binds)
		return;
	container->binds = binds;
	binds += container->bind_count++;
	binds->source = copy(parser, source);
	binds->target = copy(parser, target);
	binds->line = parser->line;
}

static void take_mnt(struct parser *parser, char *value)
{
	take_list(parser, value, take_bind);
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
		mistake(parser, parser->line,
			"bins: '%s' is the command directory, which is made from bins: "
			"remove it from bins",
			excerpt(element).text);
		return;
	}
	for (i = 0; i < container->bin_count; i++)
		if (strcmp(container->bins[i], element) == 0)
			return;
	if (!fits(parser, strlen(element) + strlen(";")))
		return;
	bins = grow(parser, container->bins, container->bin_count, sizeof(*bins));
	if (!bins)
		return;
	container->bins = bins;
	bins[container->bin_count++] = copy(parser, element);
}

static void take_bins(struct parser *parser, char *value)
{
	take_list(parser, value, take_bin);
}

static void add_to_env_path(struct parser *parser, const char *element)
{
	char **env_path = &parser->container->env_path;
	size_t len = !*env_path ? 0 : strlen(*env_path);
	size_t more = strlen(element);
	char *longer;

	if (strstr(element, ";/")) {
		mistake(parser, parser->line,
			"envPath: '%s' is one directory: write ':' between directories",
			excerpt(element).text);
		return;
	}
	if (element[0] != '/') {
		mistake(parser, parser->line,
			"envPath: '%s' is relative to the current directory: write the whole path, beginning with '/'",
			excerpt(element).text);
		return;
	}
	if (!fits(parser, strlen(":") + more))
		return;
	longer = realloc(*env_path, len + strlen(":") + more + 1);
	if (!longer) {
		fail_conf(parser, -ENOMEM);
		return;
	}
	*env_path = longer;
	if (len > 0)
		longer[len++] = ':';
	memcpy(longer + len, element, more + 1);
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
		mistake(parser, parser->line, "allow: unknown '%s': did you mean %s?",
			excerpt(name).text, nearest);
	else
		mistake(parser, parser->line,
			"allow: unknown '%s': write one or more of shared-rootfs, empty-root-password, suid-mnt",
			excerpt(name).text);
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

static void take_allow(struct parser *parser, char *value)
{
	take_list(parser, value, take_allowance);
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
		mistake(parser, parser->line, "own: unknown '%s': write /run, /dev/shm or both",
			excerpt(element).text);
}

static void take_own(struct parser *parser, char *value)
{
	take_list(parser, value, take_own_path);
}

static void take_shared(struct parser *parser, char *element)
{
	if (strcmp(element, CONTAINER_SHARES_APPLICATIONS) == 0)
		parser->container->shares_applications = true;
	else
		mistake(parser, parser->line, "share: unknown '%s': write %s",
			excerpt(element).text, CONTAINER_SHARES_APPLICATIONS);
}

static void take_share(struct parser *parser, char *value)
{
	take_list(parser, value, take_shared);
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

static void take_person(struct parser *parser, char *element)
{
	char **people = &parser->container->people;
	char *longer;

	while (element[0] == '0' && element[1])
		element++;
	if (!is_uid(element)) {
		mistake(parser, parser->line,
			"people: '%s' is not a person's uid: write a number, as id -u prints it",
			excerpt(element).text);
		return;
	}
	if (has_person(*people, element) || !fits(parser, strlen(element) + strlen("people=;\n")))
		return;
	if (asprintf(&longer, "%s%s%s", *people ? *people : "", *people ? ";" : "", element) < 0) {
		fail_conf(parser, -ENOMEM);
		return;
	}
	free(*people);
	*people = longer;
}

static void take_people(struct parser *parser, char *value)
{
	take_list(parser, value, take_person);
}

static void take_host(struct parser *parser, char *value)
{
	parser->is_empty = !*value;
	if (strcmp(value, "no") == 0)
		parser->container->has_no_commands = true;
	else
		mistake(parser, parser->line, "host: unknown '%s': write no, or leave the key out",
			excerpt(value).text);
}

static const struct {
	void (*take)(struct parser *parser, char *value);
	/*
	 * the separator that the end of a line stands for; 0: the value is one
	 * line
	 */
	char separator;
} key_rules[KEY_COUNT] = {
	[KEY_PATH] = {take_path, 0},
	[KEY_MNT] = {take_mnt, ';'},
	[KEY_BINS] = {take_bins, ';'},
	[KEY_ENV_PATH] = {take_env_path, ':'},
	[KEY_INTERPRETER] = {take_interpreter, 0},
	[KEY_OWN] = {take_own, ';'},
	[KEY_PEOPLE] = {take_people, ';'},
	[KEY_ALLOW] = {take_allow, ';'},
	[KEY_SHARE] = {take_share, ';'},
	[KEY_HOST] = {take_host, 0},
};

/*
 * Keys and sections.
 */

static void end_key(struct parser *parser)
{
	if (parser->key < KEY_COUNT && parser->is_empty)
		mistake(parser, parser->key_lines[parser->key],
			"%s is empty: give it a value or remove the line", key_names[parser->key]);
	else if (parser->key == KEY_ENV_PATH && (parser->gap_line != 0 || parser->open_line != 0))
		mistake(parser, parser->gap_line != 0 ? parser->gap_line : parser->open_line,
			"envPath: an empty element means the current directory: remove the extra ':'");
	parser->key = KEY_NONE;
}

static void refuse_unknown_key(struct parser *parser, const char *name)
{
	const char *nearest = nearest_name(name, key_names, KEY_COUNT);

	if (name[0] == '/')
		mistake(parser, parser->line,
			"'%s' is not a key: a line that continues a list is indented",
			excerpt(name).text);
	else if (nearest)
		mistake(parser, parser->line, "unknown key '%s': did you mean %s?",
			excerpt(name).text, nearest);
	else
		mistake(parser, parser->line,
			"unknown key '%s': write one of path, mnt, bins, envPath, interpreter, own, people, allow, share, host",
			excerpt(name).text);
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
				mistake(parser, parser->key_lines[KEY_OWN],
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
			mistake(parser, parser->key_lines[KEY_PATH],
				"path: it is the root filesystem of [%s] too: give both the same own, people, and elements of mnt below /etc, or name another one",
				other->name);
			break;
		}
	}
}

static void end_section(struct parser *parser)
{
	struct container *container = parser->container;

	end_key(parser);
	if (!container)
		return;
	if (parser->key_lines[KEY_PATH] == 0)
		mistake(parser, container->line,
			"[%s] has no path: add path=DIRECTORY, its root filesystem",
			excerpt(container->name).text);
	if (parser->key_lines[KEY_BINS] == 0)
		mistake(parser, container->line,
			"[%s] has no bins: add bins=DIRECTORY;DIRECTORY, where its programs are",
			excerpt(container->name).text);
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
	container->name = copy(parser, name);
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

	containers = grow(parser, conf->containers, conf->container_count, sizeof(*containers));
	if (!containers)
		return;
	conf->containers = containers;
	containers[conf->container_count++] = container;
	parser->is_named = true;
	if (!first)
		return;
	if (first->file == container->file)
		mistake(parser, parser->line,
			"[%s] is already in line %u: rename or remove one of the two",
			container->name, first->line);
	else
		mistake(parser, parser->line,
			"[%s] is already in %s:%u: rename or remove one of the two",
			container->name, first->file, first->line);
	first->has_errors = true;
}

/* The callbacks of inifile_parse(). */

static int take_section(void *arg, unsigned int line, const char *name)
{
	struct parser *parser = arg;

	end_section(parser);
	parser->line = line;
	begin_section(parser, name);
	if (!parser->container)
		return parser->status;
	if (container_name_reserved(name))
		mistake(parser, line, "'%s' is reserved: rename the section", name);
	else if (container_name_valid(name, strlen(name)))
		add_section(parser);
	else
		mistake(parser, line,
			"'%s' cannot be part of a command's name: write letters A-Z and a-z, "
			"digits, '_', and after the first also '.' and '-', %d at most",
			excerpt(name).text, CONTAINER_NAME_MAX);
	return parser->status;
}

static int take_key(void *arg, unsigned int line, const char *name)
{
	struct parser *parser = arg;
	size_t key = 0;

	end_key(parser);
	parser->line = line;
	while (key < KEY_COUNT && strcmp(name, key_names[key]) != 0)
		key++;
	if (!parser->container) {
		mistake(parser, line, "'%s' belongs to no container: write a line [NAME] above it",
			excerpt(name).text);
	} else if (key == KEY_COUNT) {
		refuse_unknown_key(parser, name);
	} else if (parser->key_lines[key] != 0) {
		mistake(parser, line, "%s is already set in line %u: remove one of the two",
			key_names[key], parser->key_lines[key]);
	} else {
		parser->key = (enum key)key;
		parser->key_lines[key] = line;
		parser->is_empty = true;
		parser->gap_line = parser->open_line = 0;
	}
	return parser->status != 0 ? parser->status : parser->key != KEY_NONE;
}

static int take_value(void *arg, unsigned int line, char *text, bool is_continuation)
{
	struct parser *parser = arg;

	parser->line = line;
	if (is_continuation && key_rules[parser->key].separator == 0) {
		mistake(parser, line, "%s is one path: write it on one line",
			key_names[parser->key]);
		parser->is_empty = false;
	} else if (text[0] != '\0') {
		key_rules[parser->key].take(parser, text);
	}
	return parser->status;
}

static int take_swallowed(void *arg, unsigned int line, const char *path, bool is_whole_line)
{
	struct parser *parser = arg;
	char separator = key_rules[parser->key].separator;

	if (separator == 0)
		return 0;
	parser->is_empty = false;
	if (is_whole_line)
		mistake(parser, line,
			"%s: '%s' is in a comment, because the line begins with ';': remove the ';' "
			"(or begin a comment with '#')",
			key_names[parser->key], excerpt(path).text);
	else
		mistake(parser, line,
			"%s: '%s' is in a comment, which a ';' after a space begins: write '%c' "
			"without the space (and a comment on a separate line, with '#')",
			key_names[parser->key], excerpt(path).text, separator);
	return parser->status;
}

static int take_mistake(void *arg, unsigned int line, const char *text)
{
	struct parser *parser = arg;

	mistake(parser, line, "%s", text);
	return parser->status;
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
	static const struct inifile_events events = {
		.section = take_section,
		.key = take_key,
		.value = take_value,
		.swallowed = take_swallowed,
		.mistake = take_mistake,
	};
	struct parser parser = {
		.conf = conf,
		.file = add_file(conf, path),
		.first_mistake = conf->mistake_count,
		.key = KEY_NONE,
	};

	if (!parser.file)
		return -ENOMEM;
	fail_conf(&parser, inifile_parse(file, &events, &parser));
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
	char *text = parser.file ? copy(&parser, why) : NULL;

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
