/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table with a title over each column. Columns are as wide as what they hold;
 * on a terminal, those that may are cut until a row fits into a line. Elsewhere
 * nothing is cut, so that a script gets all of it.
 */
#ifndef LSL_TABLE_H
#define LSL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "terminal.h"

struct table_column {
	const char *title;
	bool is_number; /* to the right */
	bool can_shrink;
};

struct table;

/*
 * A table of COUNT columns, which stay the caller's, or NULL without memory. To
 * be freed.
 */
struct table *table_new(const struct table_column *columns, size_t count);
void table_free(struct table *table);

/*
 * Adds the next cell, from left to right and row by row. A copy of TEXT; NULL
 * is shown as '-'. What fails for want of memory, table_print reports.
 */
void table_add(struct table *table, const char *text, enum style style);

/* The same with a number; a negative one is unknown and shown as '-'. */
void table_add_count(struct table *table, long count);

/*
 * Prints it, cells as terminal_print does. -ENOMEM when it is not whole; errors
 * of FILE are in FILE.
 */
int table_print(const struct table *table, FILE *file, const struct terminal *terminal);

#endif
