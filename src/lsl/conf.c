/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From keys and values (inifile.h) to containers. A value is checked where its
 * line is met; what takes all of a value, or of a section, at its end. A
 * section whose name is not valid has a container too, so that its lines are
 * checked, but not one of conf's.
 *
 * Failures (no memory) are noted in parser->err, the first one counts, and end
 * the reading; mistakes of the file do not.
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
	int err;
	unsigned int line; /* the one at hand */

	/* The section. */
	struct container *container; /* NULL before the first one */
	bool is_named; /* container has a valid name and is in conf */
	unsigned int key_lines[KEY_COUNT]; /* 0: not there */
	size_t record_size; /* what its record will need */

	/* The key whose value is read. */
	enum key key;
	bool is_empty; /* nothing of a value so far */
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

static void fail_conf(struct parser *p, int err)
{
	if (p->err == 0)
		p->err = err;
}

static char *copy(struct parser *p, const char *text)
{
	char *s = strdup(text);

	if (!s)
		fail_conf(p, -ENOMEM);
	return s;
}

/*
 * ARRAY of COUNT elements of SIZE bytes with room for one more, or NULL and
 * ARRAY untouched.
 */
static void *grow(struct parser *p, void *array, size_t count, size_t size)
{
	if (count != 0 && (count & (count - 1)) != 0)
		return array; /* it has room for the next power of two */
	array = reallocarray(array, count == 0 ? 1 : 2 * count, size);
	if (!array)
		fail_conf(p, -ENOMEM);
	return array;
}

static void insert_mistake(struct parser *p, unsigned int line, int err, char *text)
{
	struct conf *conf = p->conf;
	struct conf_mistake *mistakes;
	size_t i;

	mistakes = grow(p, conf->mistakes, conf->mistake_count, sizeof(*mistakes));
	if (!mistakes) {
		free(text);
		return;
	}
	conf->mistakes = mistakes;
	for (i = conf->mistake_count; i > p->first_mistake && mistakes[i - 1].line > line; i--)
		mistakes[i] = mistakes[i - 1];
	mistakes[i].file = p->file;
	mistakes[i].line = line;
	mistakes[i].err = err;
	mistakes[i].text = text;
	mistakes[i].container = p->is_named ? p->container : NULL;
	conf->mistake_count++;
}

static void mistake(struct parser *p, unsigned int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void mistake(struct parser *p, unsigned int line, const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0) {
		fail_conf(p, -ENOMEM);
		return;
	}
	insert_mistake(p, line, 0, text);
	if (p->container)
		p->container->has_errors = true;
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

/* The one of COUNT NAMES that was probably meant by NAME, or NULL. */
static const char *nearest_name(const char *name, const char *const *names, size_t count)
{
	const char *nearest = NULL;
	size_t best = SUGGEST_MAX;

	for (size_t i = 0; i < count; i++) {
		size_t distance = suggest_distance(name, names[i]);

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
	while (*path != '\0') {
		size_t len;

		path += strspn(path, "/");
		len = strcspn(path, "/");
		if ((len == 1 && path[0] == '.') || (len == 2 && path[0] == '.' && path[1] == '.'))
			return true;
		path += len;
	}
	return false;
}

/*
 * Whether PATH can stand in the configuration; if so, it is brought into its
 * shortest form.
 */
static bool take_path_text(struct parser *p, char *path)
{
	const char *key = key_names[p->key];

	if (path[0] != '/') {
		mistake(p, p->line, "%s: '%s' is not absolute: write the whole path, from '/' on",
			key, excerpt(path).text);
		return false;
	}
	if (strstr(path, " # ")) {
		mistake(p, p->line,
			"%s: '%s': a '#' begins a comment only as the first of a line: give the comment its own line",
			key, excerpt(path).text);
		return false;
	}
	if (has_dots(path)) {
		mistake(p, p->line, "%s: '%s' has '.' or '..' in it: write the path without", key,
			excerpt(path).text);
		return false;
	}
	path_squeeze_slashes(path);
	return true;
}

/*
 * Values. Each function gets what one line holds of a key's value, and its
 * results are the container's.
 */

static bool is_full(const struct parser *p)
{
	return p->record_size > RECORD_SIZE_MAX;
}

/* Whether SIZE bytes more fit into the container's record. */
static bool fits(struct parser *p, size_t size)
{
	if (is_full(p))
		return false;
	p->record_size += size;
	if (!is_full(p))
		return true;
	mistake(p, p->line,
		"%s: more than %ld bytes for one container: name directories, not each file",
		key_names[p->key], RECORD_SIZE_MAX);
	return false;
}

static void take_single_path(struct parser *p, char *value, char **result)
{
	p->is_empty = false;
	if (!take_path_text(p, value) || !fits(p, strlen(value)))
		return;
	*result = copy(p, value);
}

static void take_path(struct parser *p, char *value)
{
	take_single_path(p, value, &p->container->path);
	if (!p->container->path || strcmp(p->container->path, "/") != 0)
		return;
	mistake(p, p->line, "path: '/' is the host's own root: name a root filesystem of its own");
}

static void take_interpreter(struct parser *p, char *value)
{
	take_single_path(p, value, &p->container->interpreter);
}

static void take_list(struct parser *p, char *value, void (*take)(struct parser *p, char *element))
{
	char *element;

	while (p->err == 0 && (element = strsep(&value, ";"))) {
		element = strip(element);
		if (element[0] == '\0')
			continue;
		p->is_empty = false;
		take(p, element);
	}
}

/*
 * Takes ELEMENT apart. Both halves are the same text where there is only one.
 */
static bool split_bind(struct parser *p, char *element, char **source, char **target)
{
	char *colon = strchr(element, ':');

	*source = *target = element;
	if (!colon)
		return take_path_text(p, element);
	if (strchr(colon + 1, ':')) {
		mistake(p, p->line,
			"mnt: '%s' has more than one ':': write SOURCE:TARGET, and ';' between "
			"elements",
			excerpt(element).text);
		return false;
	}
	if (is_blank(colon[1]) || (colon > element && is_blank(colon[-1]))) {
		mistake(p, p->line, "mnt: '%s' has blanks beside the ':': write SOURCE:TARGET",
			excerpt(element).text);
		return false;
	}
	*colon = '\0';
	*target = colon + 1;
	return take_path_text(p, *source) && take_path_text(p, *target);
}

/* Whether it makes sense to mount SOURCE at TARGET. */
static bool can_bind(struct parser *p, const char *source, const char *target)
{
	if (strcmp(target, "/") == 0) {
		mistake(p, p->line,
			"mnt: '%s' would hide the whole container: mount it at a directory in it",
			excerpt(source).text);
		return false;
	}
	if (path_is_at_or_below(target, PATH_OLDROOT)) {
		mistake(p, p->line,
			"mnt: '%s' is where the host's root is: mount it at another directory",
			excerpt(target).text);
		return false;
	}
	if (path_is_at_or_below(source, PATH_LINKSDIR)) {
		mistake(p, p->line,
			"mnt: '%s' is the command directory, which leads back into the containers: "
			"remove it from mnt",
			excerpt(source).text);
		return false;
	}
	return true;
}

static void take_bind(struct parser *p, char *element)
{
	struct container *c = p->container;
	struct bind *binds;
	char *source, *target;

	if (!split_bind(p, element, &source, &target) || !can_bind(p, source, target) || is_full(p))
		return;
	for (size_t i = 0; i < c->bind_count; i++) {
		if (strcmp(c->binds[i].target, target) != 0)
			continue;
		if (strcmp(c->binds[i].source, source) != 0)
			mistake(p, p->line,
				"mnt: both '%s' (line %u) and '%s' would be mounted at '%s': "
				"remove one of them",
				excerpt(c->binds[i].source).text, c->binds[i].line,
				excerpt(source).text, excerpt(target).text);
		return;
	}
	if (!fits(p, strlen(source) + strlen(target) + strlen(":;")))
		return;
	binds = grow(p, c->binds, c->bind_count, sizeof(*binds));
	if (!binds)
		return;
	c->binds = binds;
	binds += c->bind_count++;
	binds->source = copy(p, source);
	binds->target = copy(p, target);
	binds->line = p->line;
}

static void take_mnt(struct parser *p, char *value)
{
	take_list(p, value, take_bind);
}

static void take_bin(struct parser *p, char *element)
{
	struct container *c = p->container;
	char **bins;

	if (!take_path_text(p, element) || is_full(p))
		return;
	if (path_is_at_or_below(element, PATH_LINKSDIR) ||
	    path_is_at_or_below(element, PATH_OLDROOT PATH_LINKSDIR)) {
		mistake(p, p->line,
			"bins: '%s' is the command directory, which is made from bins: "
			"remove it from bins",
			excerpt(element).text);
		return;
	}
	for (size_t i = 0; i < c->bin_count; i++)
		if (strcmp(c->bins[i], element) == 0)
			return;
	if (!fits(p, strlen(element) + strlen(";")))
		return;
	bins = grow(p, c->bins, c->bin_count, sizeof(*bins));
	if (!bins)
		return;
	c->bins = bins;
	bins[c->bin_count++] = copy(p, element);
}

static void take_bins(struct parser *p, char *value)
{
	take_list(p, value, take_bin);
}

static void add_to_env_path(struct parser *p, const char *element)
{
	char **env_path = &p->container->env_path;
	size_t len = !*env_path ? 0 : strlen(*env_path);
	size_t more = strlen(element);
	char *longer;

	if (strstr(element, ";/")) {
		mistake(p, p->line, "envPath: '%s' is one directory: write ':' between directories",
			excerpt(element).text);
		return;
	}
	if (element[0] != '/') {
		mistake(p, p->line,
			"envPath: '%s' is below whatever directory is current: write the whole path, from '/' on",
			excerpt(element).text);
		return;
	}
	if (!fits(p, strlen(":") + more))
		return;
	longer = realloc(*env_path, len + strlen(":") + more + 1);
	if (!longer) {
		fail_conf(p, -ENOMEM);
		return;
	}
	*env_path = longer;
	if (len > 0)
		longer[len++] = ':';
	memcpy(longer + len, element, more + 1);
}

static void take_env_path(struct parser *p, char *value)
{
	char *element;

	p->open_line = 0;
	while (p->err == 0 && (element = strsep(&value, ":"))) {
		element = strip(element);
		if (element[0] != '\0') {
			p->is_empty = false;
			add_to_env_path(p, element);
		} else if (!value) {
			p->open_line = p->line;
		} else {
			p->is_empty = false;
			p->gap_line = p->line;
		}
	}
}

static void refuse_allowance(struct parser *p, const char *name)
{
	const char *nearest = nearest_name(name, container_allowances, ALLOW_COUNT);

	if (nearest)
		mistake(p, p->line, "allow: unknown '%s': did you mean %s?", excerpt(name).text,
			nearest);
	else
		mistake(p, p->line,
			"allow: unknown '%s': write some of shared-rootfs, empty-root-password, suid-mnt",
			excerpt(name).text);
}

static void take_allowance(struct parser *p, char *element)
{
	size_t i = 0;

	while (i < ALLOW_COUNT && strcmp(element, container_allowances[i]) != 0)
		i++;
	if (i < ALLOW_COUNT && !fits(p, strlen(element) + strlen("allow=;\n")))
		return;
	if (i < ALLOW_COUNT)
		p->container->allowed |= 1U << i;
	else
		refuse_allowance(p, element);
}

static void take_allow(struct parser *p, char *value)
{
	take_list(p, value, take_allowance);
}

static void take_own_path(struct parser *p, char *element)
{
	size_t i = 0;

	path_squeeze_slashes(element);
	while (i < OWN_COUNT && strcmp(element, container_own_paths[i]) != 0)
		i++;
	if (i < OWN_COUNT && !fits(p, strlen(element) + strlen("own=;\n")))
		return;
	if (i < OWN_COUNT)
		p->container->own |= 1U << i;
	else
		mistake(p, p->line, "own: unknown '%s': write /run, /dev/shm or both",
			excerpt(element).text);
}

static void take_own(struct parser *p, char *value)
{
	take_list(p, value, take_own_path);
}

static void take_shared(struct parser *p, char *element)
{
	if (strcmp(element, CONTAINER_SHARES_APPLICATIONS) == 0)
		p->container->shares_applications = true;
	else
		mistake(p, p->line, "share: unknown '%s': write %s", excerpt(element).text,
			CONTAINER_SHARES_APPLICATIONS);
}

static void take_share(struct parser *p, char *value)
{
	take_list(p, value, take_shared);
}

/* Of a user: not root, and (uid_t)-1 is nobody. */
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

static void take_person(struct parser *p, char *element)
{
	char **people = &p->container->people;
	char *longer;

	while (element[0] == '0' && element[1])
		element++;
	if (!is_uid(element)) {
		mistake(p, p->line,
			"people: '%s' is no uid of a person: write a number, as id -u prints it",
			excerpt(element).text);
		return;
	}
	if (has_person(*people, element) || !fits(p, strlen(element) + strlen("people=;\n")))
		return;
	if (asprintf(&longer, "%s%s%s", *people ? *people : "", *people ? ";" : "", element) < 0) {
		fail_conf(p, -ENOMEM);
		return;
	}
	free(*people);
	*people = longer;
}

static void take_people(struct parser *p, char *value)
{
	take_list(p, value, take_person);
}

static void take_host(struct parser *p, char *value)
{
	p->is_empty = !*value;
	if (strcmp(value, "no") == 0)
		p->container->has_no_commands = true;
	else
		mistake(p, p->line, "host: unknown '%s': write no, or leave the key out",
			excerpt(value).text);
}

static const struct {
	void (*take)(struct parser *p, char *value);
	/* what the end of a line stands for; 0: the value is one line */
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

static void end_key(struct parser *p)
{
	if (p->key < KEY_COUNT && p->is_empty)
		mistake(p, p->key_lines[p->key], "%s is empty: give it a value or remove the line",
			key_names[p->key]);
	else if (p->key == KEY_ENV_PATH && (p->gap_line != 0 || p->open_line != 0))
		mistake(p, p->gap_line != 0 ? p->gap_line : p->open_line,
			"envPath: an empty element means the current directory, whatever that is: "
			"remove the ':' too many");
	p->key = KEY_NONE;
}

static void refuse_unknown_key(struct parser *p, const char *name)
{
	const char *nearest = nearest_name(name, key_names, KEY_COUNT);

	if (name[0] == '/')
		mistake(p, p->line, "'%s' is not a key: a line that continues a list is indented",
			excerpt(name).text);
	else if (nearest)
		mistake(p, p->line, "unknown key '%s': did you mean %s?", excerpt(name).text,
			nearest);
	else
		mistake(p, p->line,
			"unknown key '%s': write one of path, mnt, bins, envPath, interpreter, own, people, allow, share, host",
			excerpt(name).text);
}

/* What the container has for itself cannot be the host's as well. */
static void check_own_key(struct parser *p)
{
	const struct container *c = p->container;
	size_t i, j;

	for (i = 0; i < OWN_COUNT; i++)
		for (j = 0; c->own >> i & 1 && j < c->bind_count; j++)
			if (c->binds[j].target &&
			    strcmp(c->binds[j].target, container_own_paths[i]) == 0)
				mistake(p, p->key_lines[KEY_OWN],
					"own: mnt has '%s' too (line %u): remove one of the two",
					container_own_paths[i], c->binds[j].line);
}

static void end_section(struct parser *p)
{
	struct container *c = p->container;

	end_key(p);
	if (!c)
		return;
	if (p->key_lines[KEY_PATH] == 0)
		mistake(p, c->line, "[%s] has no path: add path=DIRECTORY, its root filesystem",
			excerpt(c->name).text);
	if (p->key_lines[KEY_BINS] == 0)
		mistake(p, c->line,
			"[%s] has no bins: add bins=DIRECTORY;DIRECTORY, where its programs are",
			excerpt(c->name).text);
	check_own_key(p);
	c->path_line = p->key_lines[KEY_PATH];
	c->bins_line = p->key_lines[KEY_BINS];
	c->interpreter_line = p->key_lines[KEY_INTERPRETER];
	c->share_line = p->key_lines[KEY_SHARE];
	p->container = NULL;
	if (p->is_named)
		return;
	container_clear(c);
	free(c);
}

/*
 * Makes a container that is not in conf yet, so that its keys can be looked at
 * in any case.
 */
static void begin_section(struct parser *p, const char *name)
{
	/* With the longest numbers. */
	static const char frame[] =
		"lsl=1\nname=\nnamespace=18446744073709551615:18446744073709551615:18446744073709551615\n"
		"bins=\nenvPath=\ninterpreter=\nshare=applications\nhost=no\npath=\nmnt=\ncopies=\n";
	struct container *c = calloc(1, sizeof(*c));

	p->is_named = false;
	memset(p->key_lines, 0, sizeof(p->key_lines));
	p->record_size = strlen(frame) + strlen(name);
	if (!c) {
		fail_conf(p, -ENOMEM);
		return;
	}
	c->name = copy(p, name);
	if (!c->name) {
		free(c);
		return;
	}
	c->file = p->file;
	c->line = p->line;
	p->container = c;
}

static void add_section(struct parser *p)
{
	struct conf *conf = p->conf;
	struct container *c = p->container, *first = conf_find(conf, c->name);
	struct container **containers;

	containers = grow(p, conf->containers, conf->container_count, sizeof(*containers));
	if (!containers)
		return;
	conf->containers = containers;
	containers[conf->container_count++] = c;
	p->is_named = true;
	if (!first)
		return;
	if (first->file == c->file)
		mistake(p, p->line,
			"[%s] is already there in line %u: rename or remove one of the two",
			c->name, first->line);
	else
		mistake(p, p->line,
			"[%s] is already there in %s:%u: rename or remove one of the two", c->name,
			first->file, first->line);
	first->has_errors = true;
}

/*
 * What inifile_parse() calls.
 */

static int take_section(void *arg, unsigned int line, const char *name)
{
	struct parser *p = arg;

	end_section(p);
	p->line = line;
	begin_section(p, name);
	if (!p->container)
		return p->err;
	if (container_name_reserved(name))
		mistake(p, line, "'%s' is reserved: rename the section", name);
	else if (container_name_valid(name, strlen(name)))
		add_section(p);
	else
		mistake(p, line,
			"'%s' cannot be part of a command's name: write letters A-Z and a-z, "
			"digits, '_', and after the first also '.' and '-', %d at most",
			excerpt(name).text, CONTAINER_NAME_MAX);
	return p->err;
}

static int take_key(void *arg, unsigned int line, const char *name)
{
	struct parser *p = arg;
	size_t key = 0;

	end_key(p);
	p->line = line;
	while (key < KEY_COUNT && strcmp(name, key_names[key]) != 0)
		key++;
	if (!p->container) {
		mistake(p, line,
			"'%s' belongs to no container: write a line [NAME] somewhere above it",
			excerpt(name).text);
	} else if (key == KEY_COUNT) {
		refuse_unknown_key(p, name);
	} else if (p->key_lines[key] != 0) {
		mistake(p, line, "%s is already set in line %u: remove one of the two",
			key_names[key], p->key_lines[key]);
	} else {
		p->key = (enum key)key;
		p->key_lines[key] = line;
		p->is_empty = true;
		p->gap_line = p->open_line = 0;
	}
	return p->err != 0 ? p->err : p->key != KEY_NONE;
}

static int take_value(void *arg, unsigned int line, char *text, bool is_continuation)
{
	struct parser *p = arg;

	p->line = line;
	if (is_continuation && key_rules[p->key].separator == 0) {
		mistake(p, line, "%s is one path: write it on one line", key_names[p->key]);
		p->is_empty = false;
	} else if (text[0] != '\0') {
		key_rules[p->key].take(p, text);
	}
	return p->err;
}

static int take_swallowed(void *arg, unsigned int line, const char *path, bool is_whole_line)
{
	struct parser *p = arg;
	char separator = key_rules[p->key].separator;

	if (separator == 0)
		return 0;
	p->is_empty = false;
	if (is_whole_line)
		mistake(p, line,
			"%s: '%s' is in a comment, which a ';' here begins: write the line without "
			"it (and a comment with '#')",
			key_names[p->key], excerpt(path).text);
	else
		mistake(p, line,
			"%s: '%s' is in a comment, which a ';' after a space begins: write '%c' "
			"without the space (and a comment on a line of its own, with '#')",
			key_names[p->key], excerpt(path).text, separator);
	return p->err;
}

static int take_mistake(void *arg, unsigned int line, const char *text)
{
	struct parser *p = arg;

	mistake(p, line, "%s", text);
	return p->err;
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
	struct parser p = {
		.conf = conf,
		.file = add_file(conf, path),
		.first_mistake = conf->mistake_count,
		.key = KEY_NONE,
	};

	if (!p.file)
		return -ENOMEM;
	fail_conf(&p, inifile_parse(file, &events, &p));
	end_section(&p);
	return p.err;
}

int conf_add_unreadable(struct conf *conf, const char *path, int err, const char *why)
{
	struct parser p = {
		.conf = conf,
		.file = add_file(conf, path),
		.first_mistake = conf->mistake_count,
	};
	char *text = p.file ? copy(&p, why) : NULL;

	if (!text)
		return -ENOMEM;
	insert_mistake(&p, 0, -err, text);
	return p.err;
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
	for (size_t i = 0; i < conf->container_count; i++)
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
	for (size_t i = 0; i < conf->container_count; i++) {
		container_clear(conf->containers[i]);
		free(conf->containers[i]);
	}
	for (size_t i = 0; i < conf->mistake_count; i++)
		free(conf->mistakes[i].text);
	for (size_t i = 0; i < conf->file_count; i++)
		free(conf->files[i]);
	free(conf->containers);
	free(conf->mistakes);
	free(conf->files);
	memset(conf, 0, sizeof(*conf));
}
