/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "menus/desktopentry.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pathnames.h"
#include "utf8.h"

#define SUFFIX ".desktop"

/*
 * Characters that have a meaning to a shell: the specification demands quotes.
 */
#define RESERVED "\"'\\><~|&;$*?#()`"

struct desktop_entry {
	const struct desktopentry_source *source;
	const char *clash;
	FILE *file;
	bool is_in_main; /* the group [Desktop Entry], which is the first */
	bool has_group;
	bool is_application;
	bool has_exec;
	bool has_class;
};

static bool is_alnum(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Whether TEXT is one or more letters, digits and OTHERS. */
static bool is_made_of(const char *text, size_t len, const char *others)
{
	size_t i = 0;

	while (i < len && text[i] && (is_alnum(text[i]) || strchr(others, text[i])))
		i++;
	return len > 0 && i == len;
}

bool desktopentry_name_is_plain(const char *name)
{
	return name[0] != '.' && name[0] != '-' && is_made_of(name, strlen(name), "._+@-");
}

/* Control characters, and those that change the direction of text. */
static bool is_deceptive(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x202a && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069) || code == 0x2028 || code == 0x2029;
}

/* Whether TEXT is lines of UTF-8. */
static bool is_text(const char *text, size_t len)
{
	uint32_t code;
	size_t i, n;

	for (i = 0; i < len; i += n) {
		n = utf8_decode(text + i, len - i, &code);
		if ((code == UTF8_REPLACEMENT && n == 1) || (is_deceptive(code) && code != '\n'))
			return false;
	}
	return true;
}

/*
 * Decodes the escapes that every value may have. False for escapes of a line
 * break.
 */
static bool unescape_value(char *value)
{
	char *to = value;

	for (; *value; value++) {
		if (*value == '\\') {
			value++;
			if (*value != '\\' && *value != 's')
				return false;
			*to++ = *value == 's' ? ' ' : '\\';
		} else {
			*to++ = *value;
		}
	}
	*to = '\0';
	return true;
}

/*
 * Whether the arguments in Exec have the form of the specification; ARGUMENTS
 * is unescaped.
 */
static bool are_arguments(const char *arguments)
{
	bool is_quoted = false;

	for (; *arguments; arguments++) {
		if (*arguments == '"') {
			is_quoted = !is_quoted;
		} else if (*arguments == '%') {
			if (!arguments[1] || !strchr("fFuUick%dDnNvm", arguments[1]))
				return false;
			arguments++;
		} else if (is_quoted && *arguments == '\\') {
			if (!arguments[1] || !strchr("\"`$\\", arguments[1]))
				return false;
			arguments++;
		} else if (strchr(is_quoted ? "`$" : RESERVED, *arguments)) {
			return false;
		}
	}
	return !is_quoted;
}

/* Prints KEY with the command for the program WORD. */
static int print_command(const struct desktop_entry *entry, const char *key, const char *word)
{
	char name[NAME_MAX + 1];

	if (!word[0] || strpbrk(word, RESERVED "% ") ||
	    entry->source->program(word, name, entry->source->arg) < 0 ||
	    !desktopentry_name_is_plain(name))
		return -EINVAL;
	fprintf(entry->file, "%s=" PATH_LINKSDIR "/%s:%s", key, entry->source->container, name);
	return 0;
}

/*
 * Cuts the first word, which may be quoted, off VALUE. *REST begins with the
 * blank after it.
 */
static bool cut_word(char *value, char **word, char **rest)
{
	char *end;

	*word = value;
	end = value + strcspn(value, " ");
	if (*value == '"') {
		*word = value + 1;
		end = strchr(value + 1, '"');
		if (!end)
			return false;
		*end++ = '\0';
	}
	if (*end && *end != ' ')
		return false;
	*rest = end;
	return true;
}

static int take_exec(struct desktop_entry *entry, const char *key, char *value)
{
	char *word, *rest, *arguments;
	bool is_valid;

	if (!cut_word(value, &word, &rest))
		return -EINVAL;
	arguments = strdup(rest);
	if (!arguments)
		return -ENOMEM;
	is_valid = unescape_value(arguments) && are_arguments(arguments);
	free(arguments);
	if (!is_valid)
		return -EINVAL;
	if (*rest)
		*rest++ = '\0';
	if (print_command(entry, key, word) < 0)
		return -EINVAL;
	fprintf(entry->file, "%s%s\n", *rest ? " " : "", rest);
	entry->has_exec |= entry->is_in_main;
	return 0;
}

static int take_try_exec(struct desktop_entry *entry, const char *key, char *value)
{
	int status = print_command(entry, key, value);

	if (status == 0)
		fputc('\n', entry->file);
	return status;
}

static int take_icon(struct desktop_entry *entry, const char *key, char *value)
{
	char name[NAME_MAX + 1];
	int status = -EINVAL;

	if (value[0] == '/') {
		status = entry->source->icon(value, name, entry->source->arg);
		value = name;
	} else if (desktopentry_name_is_plain(value) && strlen(value) < sizeof(name)) {
		status = entry->source->named_icon(value, entry->source->arg);
	}
	if (status < 0)
		return status;
	fprintf(entry->file, "%s=%s\n", key, value);
	return 0;
}

static int take_type(struct desktop_entry *entry, const char *key, char *value)
{
	if (strcmp(value, "Application") != 0)
		return -EINVAL;
	entry->is_application |= entry->is_in_main;
	fprintf(entry->file, "%s=%s\n", key, value);
	return 0;
}

static int take_hidden(struct desktop_entry *entry, const char *key, char *value)
{
	(void)entry;
	(void)key;
	return strcmp(value, "false") == 0 ? 0 : -EINVAL;
}

static int take_mime_type(struct desktop_entry *entry, const char *key, char *value)
{
	if (!is_made_of(value, strlen(value), "!#$&^_.+/;-"))
		return -EINVAL;
	fprintf(entry->file, "%s=%s\n", key, value);
	return 0;
}

static int take_class(struct desktop_entry *entry, const char *key, char *value)
{
	entry->has_class |= entry->is_in_main;
	fprintf(entry->file, "%s=%s\n", key, value);
	return 0;
}

static int take_entry_name(struct desktop_entry *entry, const char *key, char *value)
{
	fprintf(entry->file, "%s=%s", key, value);
	if (entry->clash && entry->is_in_main)
		fprintf(entry->file, " (%s)", entry->source->container);
	fputc('\n', entry->file);
	return 0;
}

/*
 * A directory of the container, or a service that only a bus in the container
 * would know.
 */
static int leave_out(struct desktop_entry *entry, const char *key, char *value)
{
	(void)entry;
	(void)key;
	(void)value;
	return 0;
}

/* By the key without its locale. All other keys are copied unchanged. */
static const struct {
	const char *key;
	int (*take)(struct desktop_entry *entry, const char *key, char *value);
} keys[] = {
	{"Exec", take_exec},
	{"TryExec", take_try_exec},
	{"Icon", take_icon},
	{"Type", take_type},
	{"Hidden", take_hidden},
	{"MimeType", take_mime_type},
	{"StartupWMClass", take_class},
	{"Name", take_entry_name},
	{"DBusActivatable", leave_out},
	{"Implements", leave_out},
	{"Path", leave_out},
};

/* "Name" or "Name[de]". */
static bool is_key(const char *key)
{
	size_t len = strcspn(key, "["), locale;

	if (!is_made_of(key, len, "-"))
		return false;
	if (!key[len])
		return true;
	locale = strcspn(key + len + 1, "]");
	return is_made_of(key + len + 1, locale, "_.@-") &&
	       strcmp(key + len + 1 + locale, "]") == 0;
}

static int take_pair(struct desktop_entry *entry, char *line)
{
	char *value = strchr(line, '=');
	size_t i, len;

	if (!value || value == line)
		return -EINVAL;
	for (len = (size_t)(value - line); len > 1 && line[len - 1] == ' '; len--)
		;
	*value++ = '\0';
	line[len] = '\0';
	value += strspn(value, " ");
	if (!is_key(line))
		return -EINVAL;
	/* Keys of one desktop; they may name files and programs. */
	if (strncmp(line, "X-", 2) == 0)
		return 0;
	len = strcspn(line, "[");
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strlen(keys[i].key) == len && strncmp(keys[i].key, line, len) == 0)
			return keys[i].take(entry, line, value);
	fprintf(entry->file, "%s=%s\n", line, value);
	return 0;
}

/* The additional lines at the end of the main group. */
static void end_group(struct desktop_entry *entry)
{
	if (!entry->is_in_main)
		return;
	if (entry->clash && !entry->has_class)
		fprintf(entry->file, "StartupWMClass=%.*s\n",
			(int)(strlen(entry->clash) - strlen(SUFFIX)), entry->clash);
	fprintf(entry->file, "X-LSL-Container=%s\n", entry->source->container);
}

static int take_group_heading(struct desktop_entry *entry, const char *line)
{
	size_t len = strlen(line);
	bool is_main = strcmp(line, "[Desktop Entry]") == 0;

	if (line[len - 1] != ']' || !is_made_of(line + 1, len - 2, " _.-") ||
	    is_main == entry->has_group)
		return -EINVAL;
	end_group(entry);
	entry->is_in_main = is_main;
	fprintf(entry->file, "%s%s\n", entry->has_group ? "\n" : "", line);
	entry->has_group = true;
	return 0;
}

static int take_entry_line(struct desktop_entry *entry, char *line)
{
	if (line[0] == '\0' || line[0] == '#')
		return 0;
	if (line[0] == '[')
		return take_group_heading(entry, line);
	return entry->has_group ? take_pair(entry, line) : -EINVAL;
}

int desktopentry_rewrite(char *text, size_t len, const struct desktopentry_source *source,
			 const char *clash, FILE *file)
{
	struct desktop_entry entry = {.source = source, .clash = clash, .file = file};
	char *line, *rest = text;
	int status = is_text(text, len) ? 0 : -EINVAL;

	while (status == 0 && (line = strsep(&rest, "\n")))
		status = take_entry_line(&entry, line);
	if (status < 0)
		return status;
	end_group(&entry);
	return entry.is_application && entry.has_exec ? 0 : -EINVAL;
}
