/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table with a heading for each column. Columns are as wide as their longest
 * cell. On a terminal, some columns are cut until a row fits into a line.
 * Elsewhere nothing is cut, so that a script gets everything.
 */
#ifndef LSL_TABLE_H
#define LSL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/terminal.h"

struct table_column {
	const char *title;
	bool is_number; /* to the right */
	bool can_shrink;
};

struct table;

/*
 * Returns a table of COUNT columns, which stay the caller's, or NULL without
 * memory. The caller frees the table.
 */
struct table *table_new(const struct table_column *columns, size_t count);
void table_free(struct table *table);

/*
 * Adds the next cell, from left to right and row by row. TEXT is copied; NULL
 * is shown as '-'. table_print reports missing memory.
 */
void table_add(struct table *table, const char *text, enum style style);

/* The same with a number; a negative one is unknown and shown as '-'. */
void table_add_count(struct table *table, long count);

/*
 * Prints the table, cells by terminal_print. -ENOMEM: it is not complete; FILE
 * keeps its own errors.
 */
int table_print(const struct table *table, FILE *file, const struct terminal *terminal);

#endif
