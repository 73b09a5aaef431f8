/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Findings about the configuration, the installation and the containers, in
 * order. Only lsl check shows findings without a problem.
 */
#ifndef LSL_DIAG_H
#define LSL_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/json.h"
#include "base/terminal.h"

enum severity {
	SEVERITY_OK,
	SEVERITY_UNKNOWN, /* cannot be seen with the privilege at hand */
	SEVERITY_WARNING, /* works, but not all of it, or not for everybody */
	SEVERITY_ERROR, /* does not work */
};

struct diag {
	enum severity severity;
	/* the name of the check, in lsl(8); static */
	const char *check;
	char *container; /* the name of a container, or NULL */
	char *file; /* where to correct it, or NULL */
	unsigned int line; /* of file; 0: none */
	char *text; /* one line, without a full stop */
	/* a command or a line for a file; or NULL */
	char *remedy;
};

/* Empty when zero. */
struct diags {
	struct diag *list;
	size_t count;
	bool has_failed; /* a finding was lost without memory */
};

/*
 * The subject of a finding. All members but CHECK may be NULL or 0. The other
 * strings are copied.
 */
struct diag_place {
	const char *check;
	const char *container;
	const char *file;
	unsigned int line;
};

/*
 * Adds a finding. Without memory nothing is added, and diags_worst returns
 * SEVERITY_ERROR.
 */
void diag_add(struct diags *diags, enum severity severity, const struct diag_place *place,
	      const char *format, ...) __attribute__((format(printf, 4, 5)));

/*
 * Gives the finding that was added last a remedy: a command for a shell. FORMAT
 * has no conversion but "%s", and each becomes one quoted word (quote.h), so
 * the command can be pasted with any name.
 */
void diag_command(struct diags *diags, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The same with a line for a file. Nothing in it is quoted. */
void diag_line(struct diags *diags, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The worst of all, SEVERITY_OK without any. */
enum severity diags_worst(const struct diags *diags);

/* "ok", "unknown", "warning" or "error". */
const char *severity_name(enum severity severity);

/*
 * Prints the findings of at least LEAST, one line each. A remedy is on the next
 * line, and is never broken, so that it can be copied from a terminal.
 */
void diags_print(const struct diags *diags, enum severity least, FILE *file,
		 const struct terminal *terminal);

/* The same as an array of objects. */
void diags_to_json(const struct diags *diags, enum severity least, struct json *json,
		   const char *key);

void diags_clear(struct diags *diags);

#endif
