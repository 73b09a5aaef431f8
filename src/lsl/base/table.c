/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Between two columns. */
#define GAP 2

/* No column is cut to less. */
#define LEAST_WIDTH 8

static const char cut_mark[] = "...";

struct cell {
	char *text;
	enum style style;
};

struct table {
	const struct table_column *columns;
	size_t column_count;
	struct cell *cells; /* row by row; the titles are the first */
	size_t cell_count;
	bool is_whole;
};

struct table *table_new(const struct table_column *columns, size_t count)
{
	struct table *table = calloc(1, sizeof(*table));
	size_t i;

	if (!table)
		return NULL;
	table->columns = columns;
	table->column_count = count;
	table->is_whole = true;
	for (i = 0; i < count; i++)
		table_add(table, columns[i].title, STYLE_TITLE);
	return table;
}

void table_free(struct table *table)
{
	size_t i;

	if (!table)
		return;
	for (i = 0; i < table->cell_count; i++)
		free(table->cells[i].text);
	free(table->cells);
	free(table);
}

void table_add(struct table *table, const char *text, enum style style)
{
	struct cell *cells = table->cells;
	size_t count = table->cell_count;
	char *copy = strdup(text ? text : "-");

	/* There is room for the next power of two. */
	if ((count & (count - 1)) == 0)
		cells = reallocarray(cells, count ? 2 * count : 1, sizeof(*cells));
	if (cells)
		table->cells = cells;
	if (!copy || !cells) {
		free(copy);
		table->is_whole = false;
		return;
	}
	cells[table->cell_count++] = (struct cell){copy, style};
	/* the cell has it, and table_free frees it */
	/* cppcheck-suppress memleak */
}

void table_add_count(struct table *table, long count)
{
	char text[32];

	snprintf(text, sizeof(text), "%ld", count);
	table_add(table, count < 0 ? NULL : text, STYLE_PLAIN);
}

static size_t cell_width(const char *text)
{
	return terminal_width(text, strlen(text));
}

static void measure_columns(const struct table *table, size_t *widths)
{
	size_t i, width;

	for (i = 0; i < table->cell_count; i++) {
		width = cell_width(table->cells[i].text);
		if (width > widths[i % table->column_count])
			widths[i % table->column_count] = width;
	}
}

/* The widest column that can be cut further, or COUNT. */
static size_t widest(const struct table *table, const size_t *widths)
{
	size_t i, best = table->column_count, best_width = LEAST_WIDTH;

	for (i = 0; i < table->column_count; i++) {
		if (!table->columns[i].can_shrink || widths[i] <= best_width)
			continue;
		best = i;
		best_width = widths[i];
	}
	return best;
}

static void shrink_columns(const struct table *table, size_t *widths, size_t limit)
{
	size_t i, sum = GAP * (table->column_count - 1);

	for (i = 0; i < table->column_count; i++)
		sum += widths[i];
	for (; sum > limit; sum--) {
		i = widest(table, widths);
		if (i == table->column_count)
			return;
		widths[i]--;
	}
}

/* Returns the columns that it took, at most WIDTH. */
static size_t print_fitting(FILE *file, const char *text, size_t width)
{
	size_t len = strlen(text), used = terminal_width(text, len);

	if (used <= width) {
		terminal_print(file, text, len);
		return used;
	}
	len = terminal_fit(text, len, width - strlen(cut_mark));
	terminal_print(file, text, len);
	fputs(cut_mark, file);
	return terminal_width(text, len) + strlen(cut_mark);
}

static void print_cell(const struct table *table, size_t column, const struct cell *cell,
		       size_t width, FILE *file, const struct terminal *terminal)
{
	size_t used = cell_width(cell->text);
	bool is_last = column + 1 == table->column_count;

	if (table->columns[column].is_number && used < width) {
		fprintf(file, "%*s", (int)(width - used), "");
		width = used;
	}
	terminal_begin(terminal, file, cell->style);
	used = print_fitting(file, cell->text, width);
	terminal_end(terminal, file, cell->style);
	if (is_last)
		fputc('\n', file);
	else
		fprintf(file, "%*s", (int)(GAP + width - used), "");
}

int table_print(const struct table *table, FILE *file, const struct terminal *terminal)
{
	size_t *widths = calloc(table->column_count, sizeof(*widths));
	size_t i, column;

	if (!widths || !table->is_whole) {
		free(widths);
		return -ENOMEM;
	}
	measure_columns(table, widths);
	if (terminal->width)
		shrink_columns(table, widths, terminal->width);
	for (i = 0; i < table->cell_count; i++) {
		column = i % table->column_count;
		print_cell(table, column, &table->cells[i], widths[column], file, terminal);
	}
	free(widths);
	return 0;
}
