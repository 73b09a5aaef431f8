/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a look at the configuration, the installation and the containers has found, one after
 * the other. Only lsl check shows what is well.
 */
#ifndef LSL_FINDING_H
#define LSL_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "json.h"
#include "terminal.h"

enum severity {
	SEVERITY_OK,
	SEVERITY_UNKNOWN, /* cannot be seen with the privilege at hand */
	SEVERITY_WARNING, /* works, but not all of it, or not for everybody */
	SEVERITY_ERROR, /* does not work */
};

struct finding {
	enum severity severity;
	const char *check; /* the name of what was looked at, in lsl(8); static */
	char *container; /* whose, or NULL */
	char *file; /* where to correct it, or NULL */
	unsigned int line; /* of file; 0: none */
	char *text; /* one line, without a full stop */
	char *remedy; /* a command or a line for a file; NULL where TEXT says it all */
};

/* Empty when zero. */
struct findings {
	struct finding *list;
	size_t count;
	bool has_failed; /* there was no memory for one */
};

/* Where a finding belongs. All but CHECK may be NULL or 0. The other strings are copied. */
struct place {
	const char *check;
	const char *container;
	const char *file;
	unsigned int line;
};

/*
 * Adds one. For want of memory nothing is added, and findings_worst says so by SEVERITY_ERROR.
 */
void finding_add(struct findings *findings, enum severity severity, const struct place *place,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));

/*
 * Gives the finding that was added last a remedy: a command for a shell. FORMAT has no conversion
 * but "%s", and each becomes one quoted word (quote.h): it can be pasted whatever the name is.
 */
void finding_command(struct findings *findings, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The same with a line that is to be written into a file. Nothing in it is quoted. */
void finding_line(struct findings *findings, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The worst of all, SEVERITY_OK without any. */
enum severity findings_worst(const struct findings *findings);

/* "ok", "unknown", "warning" or "error". */
const char *severity_name(enum severity severity);

/*
 * Prints those of at least LEAST, a line each and the remedy on one of its own below it, which is not
 * broken on a terminal so that it can be copied.
 */
void findings_print(const struct findings *findings, enum severity least, FILE *file,
		    const struct terminal *terminal);

/* The same as an array of objects. */
void findings_to_json(const struct findings *findings, enum severity least, struct json *json,
		      const char *key);

void findings_clear(struct findings *findings);

#endif
