/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "finding.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "quote.h"

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
static char *copy(struct findings *findings, const char *text)
{
	char *s = text ? strdup(text) : NULL;

	if (text && !s)
		findings->has_failed = true;
	return s;
}

static struct finding *new_finding(struct findings *findings)
{
	struct finding *list = findings->list;
	size_t count = findings->count;

	/* There is room for the next power of two. */
	if ((count & (count - 1)) == 0)
		list = reallocarray(list, count ? 2 * count : 1, sizeof(*list));
	if (!list) {
		findings->has_failed = true;
		return NULL;
	}
	findings->list = list;
	return &list[findings->count];
}

/* The text, or NULL without memory. */
static char *vformat(struct findings *findings, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

static char *vformat(struct findings *findings, const char *format, va_list args)
{
	char *text;

	if (vasprintf(&text, format, args) >= 0)
		return text;
	findings->has_failed = true;
	return NULL;
}

void finding_add(struct findings *findings, enum severity severity, const struct place *place,
		 const char *format, ...)
{
	struct finding *finding = new_finding(findings);
	va_list args;
	char *text;

	if (!finding)
		return;
	va_start(args, format);
	text = vformat(findings, format, args);
	va_end(args);
	if (!text)
		return;
	finding->severity = severity;
	finding->check = place->check;
	finding->container = copy(findings, place->container);
	finding->file = copy(findings, place->file);
	finding->line = place->line;
	finding->text = text;
	finding->remedy = NULL;
	findings->count++;
}

/* Gives REMEDY to the finding that was added last, which may be the very one that was not added. */
static void set_remedy(struct findings *findings, char *remedy)
{
	if (findings->has_failed) {
		free(remedy);
		return;
	}
	free(findings->list[findings->count - 1].remedy);
	findings->list[findings->count - 1].remedy = remedy;
}

void finding_line(struct findings *findings, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_remedy(findings, vformat(findings, format, args));
	va_end(args);
}

/* FORMAT with a quoted word for each "%s". False without memory. */
static bool print_command(FILE *file, const char *format, va_list args)
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

void finding_command(struct findings *findings, const char *format, ...)
{
	char *remedy = NULL;
	size_t size;
	FILE *file = open_memstream(&remedy, &size);
	bool is_whole = false;
	va_list args;

	if (file) {
		va_start(args, format);
		is_whole = print_command(file, format, args);
		va_end(args);
		is_whole = fclose(file) == 0 && is_whole;
	}
	findings->has_failed = findings->has_failed || !is_whole;
	set_remedy(findings, remedy);
}

enum severity findings_worst(const struct findings *findings)
{
	enum severity worst = findings->has_failed ? SEVERITY_ERROR : SEVERITY_OK;
	size_t i;

	for (i = 0; i < findings->count; i++)
		if (findings->list[i].severity > worst)
			worst = findings->list[i].severity;
	return worst;
}

/* "FILE:LINE: CONTAINER: TEXT", as compilers write it, so that editors find the line. NULL without memory. */
static char *sentence(const struct finding *finding)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		return NULL;
	if (finding->file && finding->line)
		fprintf(file, "%s:%u: ", finding->file, finding->line);
	else if (finding->file)
		fprintf(file, "%s: ", finding->file);
	if (finding->container)
		fprintf(file, "%s: ", finding->container);
	fputs(finding->text, file);
	fclose(file);
	return text;
}

/* How many bytes of TEXT, which does not fit into WIDTH columns, go on this line: whole words if possible. */
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

static void print_finding(const struct finding *finding, FILE *file,
			  const struct terminal *terminal)
{
	enum style style = severities[finding->severity].style;
	char *text = sentence(finding);

	terminal_begin(terminal, file, style);
	fputs(severity_name(finding->severity), file);
	terminal_end(terminal, file, style);
	fprintf(file, "%*s", INDENT - (int)strlen(severity_name(finding->severity)), "");
	/* On a narrow terminal, breaking makes it worse. */
	print_broken(text ? text : finding->text,
		     terminal->width > 3UL * INDENT ? terminal->width - INDENT : 0, file);
	free(text);
	if (!finding->remedy)
		return;
	fprintf(file, "%*s", INDENT, "");
	terminal_print(file, finding->remedy, strlen(finding->remedy));
	fputc('\n', file);
}

void findings_print(const struct findings *findings, enum severity least, FILE *file,
		    const struct terminal *terminal)
{
	size_t i;

	for (i = 0; i < findings->count; i++)
		if (findings->list[i].severity >= least)
			print_finding(&findings->list[i], file, terminal);
}

static void finding_to_json(const struct finding *finding, struct json *json)
{
	json_object(json, NULL);
	json_string(json, "severity", severity_name(finding->severity));
	json_string(json, "check", finding->check);
	json_string(json, "container", finding->container);
	json_string(json, "file", finding->file);
	json_count(json, "line", finding->line ? (long)finding->line : -1);
	json_string(json, "text", finding->text);
	json_string(json, "remedy", finding->remedy);
	json_end(json);
}

void findings_to_json(const struct findings *findings, enum severity least, struct json *json,
		      const char *key)
{
	size_t i;

	json_array(json, key);
	for (i = 0; i < findings->count; i++)
		if (findings->list[i].severity >= least)
			finding_to_json(&findings->list[i], json);
	json_end(json);
}

void findings_clear(struct findings *findings)
{
	size_t i;

	for (i = 0; i < findings->count; i++) {
		free(findings->list[i].container);
		free(findings->list[i].file);
		free(findings->list[i].text);
		free(findings->list[i].remedy);
	}
	free(findings->list);
	*findings = (struct findings){.list = NULL};
}
