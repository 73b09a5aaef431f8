/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/quote.h"

/* Of the column in which severities stand, with the gap after it. */
#define INDENT 9

static const struct {
	const char *name;
	enum style style;
} severities[] = {
	[SEVERITY_OK] = {"ok", STYLE_GOOD},
	[SEVERITY_UNKNOWN] = {"unknown", STYLE_FAINT},
	[SEVERITY_WARNING] = {"warning", STYLE_DOUBTFUL},
	[SEVERITY_ERROR] = {"error", STYLE_BAD},
};

const char *severity_name(enum severity severity)
{
	return severities[severity].name;
}

/* A copy of TEXT. NULL stays NULL. */
static char *copy(struct diags *diags, const char *text)
{
	char *s = text ? strdup(text) : NULL;

	if (text && !s)
		diags->has_failed = true;
	return s;
}

static struct diag *new_finding(struct diags *diags)
{
	struct diag *list = diags->list;
	size_t count = diags->count;

	/* There is room for the next power of two. */
	if ((count & (count - 1)) == 0)
		list = reallocarray(list, count ? 2 * count : 1, sizeof(*list));
	if (!list) {
		diags->has_failed = true;
		return NULL;
	}
	diags->list = list;
	return &list[diags->count];
}

/* The text, or NULL without memory. */
static char *vformat(struct diags *diags, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

static char *vformat(struct diags *diags, const char *format, va_list args)
{
	char *text;

	if (vasprintf(&text, format, args) >= 0)
		return text;
	diags->has_failed = true;
	return NULL;
}

void diag_add(struct diags *diags, enum severity severity, const struct diag_place *place,
	      const char *format, ...)
{
	struct diag *diag = new_finding(diags);
	va_list args;
	char *text;

	if (!diag)
		return;
	va_start(args, format);
	text = vformat(diags, format, args);
	va_end(args);
	if (!text)
		return;
	diag->severity = severity;
	diag->check = place->check;
	diag->container = copy(diags, place->container);
	diag->file = copy(diags, place->file);
	diag->line = place->line;
	diag->text = text;
	diag->remedy = NULL;
	diags->count++;
}

/*
 * Gives REMEDY to the finding that was added last, which may be the very one
 * that was not added.
 */
static void set_remedy(struct diags *diags, char *remedy)
{
	if (diags->has_failed) {
		free(remedy);
		return;
	}
	free(diags->list[diags->count - 1].remedy);
	diags->list[diags->count - 1].remedy = remedy;
}

void diag_line(struct diags *diags, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_remedy(diags, vformat(diags, format, args));
	va_end(args);
}

/* FORMAT with a quoted word for each "%s". False without memory. */
static bool print_quoted(FILE *file, const char *format, va_list args)
{
	const char *at;
	char *word;

	for (; (at = strstr(format, "%s")); format = at + strlen("%s")) {
		word = quote_shell(va_arg(args, const char *));
		if (!word)
			return false;
		fwrite(format, 1, (size_t)(at - format), file);
		fputs(word, file);
		free(word);
	}
	fputs(format, file);
	return true;
}

void diag_command(struct diags *diags, const char *format, ...)
{
	char *remedy = NULL;
	size_t size;
	FILE *file = open_memstream(&remedy, &size);
	bool is_whole = false;
	va_list args;

	if (file) {
		va_start(args, format);
		is_whole = print_quoted(file, format, args);
		va_end(args);
		is_whole = fclose(file) == 0 && is_whole;
	}
	diags->has_failed = diags->has_failed || !is_whole;
	set_remedy(diags, remedy);
}

enum severity diags_worst(const struct diags *diags)
{
	enum severity worst = diags->has_failed ? SEVERITY_ERROR : SEVERITY_OK;
	size_t i;

	for (i = 0; i < diags->count; i++)
		if (diags->list[i].severity > worst)
			worst = diags->list[i].severity;
	return worst;
}

/*
 * "FILE:LINE: CONTAINER: TEXT", as compilers write it, so that editors find the
 * line. NULL without memory.
 */
static char *sentence(const struct diag *diag)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		return NULL;
	if (diag->file && diag->line)
		fprintf(file, "%s:%u: ", diag->file, diag->line);
	else if (diag->file)
		fprintf(file, "%s: ", diag->file);
	if (diag->container)
		fprintf(file, "%s: ", diag->container);
	fputs(diag->text, file);
	fclose(file);
	return text;
}

/*
 * How many bytes of TEXT, which does not fit into WIDTH columns, go on this
 * line: whole words if possible.
 */
static size_t line_length(const char *text, size_t width)
{
	size_t most = terminal_fit(text, strlen(text), width);
	size_t len = most;

	while (len > 0 && text[len] != ' ')
		len--;
	return len ? len : most;
}

static void print_broken(const char *text, size_t width, FILE *file)
{
	size_t len = strlen(text);

	while (width && terminal_width(text, len) > width) {
		len = line_length(text, width);
		terminal_print(file, text, len);
		fprintf(file, "\n%*s", INDENT, "");
		text += len;
		text += strspn(text, " ");
		len = strlen(text);
	}
	terminal_print(file, text, len);
	fputc('\n', file);
}

static void print_finding(const struct diag *diag, FILE *file, const struct terminal *terminal)
{
	enum style style = severities[diag->severity].style;
	char *text = sentence(diag);

	terminal_begin(terminal, file, style);
	fputs(severity_name(diag->severity), file);
	terminal_end(terminal, file, style);
	fprintf(file, "%*s", INDENT - (int)strlen(severity_name(diag->severity)), "");
	/* On a narrow terminal, breaking makes it worse. */
	print_broken(text ? text : diag->text,
		     terminal->width > 3UL * INDENT ? terminal->width - INDENT : 0, file);
	free(text);
	if (!diag->remedy)
		return;
	fprintf(file, "%*s", INDENT, "");
	terminal_print(file, diag->remedy, strlen(diag->remedy));
	fputc('\n', file);
}

void diags_print(const struct diags *diags, enum severity least, FILE *file,
		 const struct terminal *terminal)
{
	size_t i;

	for (i = 0; i < diags->count; i++)
		if (diags->list[i].severity >= least)
			print_finding(&diags->list[i], file, terminal);
}

static void finding_to_json(const struct diag *diag, struct json *json)
{
	json_object(json, NULL);
	json_string(json, "severity", severity_name(diag->severity));
	json_string(json, "check", diag->check);
	json_string(json, "container", diag->container);
	json_string(json, "file", diag->file);
	json_count(json, "line", diag->line ? (long)diag->line : -1);
	json_string(json, "text", diag->text);
	json_string(json, "remedy", diag->remedy);
	json_end(json);
}

void diags_to_json(const struct diags *diags, enum severity least, struct json *json,
		   const char *key)
{
	size_t i;

	json_array(json, key);
	for (i = 0; i < diags->count; i++)
		if (diags->list[i].severity >= least)
			finding_to_json(&diags->list[i], json);
	json_end(json);
}

void diags_clear(struct diags *diags)
{
	size_t i;

	for (i = 0; i < diags->count; i++) {
		free(diags->list[i].container);
		free(diags->list[i].file);
		free(diags->list[i].text);
		free(diags->list[i].remedy);
	}
	free(diags->list);
	*diags = (struct diags){.list = NULL};
}
