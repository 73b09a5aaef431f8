/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/transfer.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/debug.h"
#include "monotonic.h"
#include "base/terminal.h"
#include "visible.h"

/* ECMA-48: to the beginning of the line, and erase it. */
#define ERASE "\r\033[K"

/* Before that no rate is known. */
#define RATE_AFTER_MS 500

static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
#define UNITS (sizeof(units) / sizeof(units[0]))

/* The unit in which BYTES has one to three digits before the point. */
static size_t unit_of(long bytes, double *scale)
{
	size_t unit = 0;

	for (*scale = 1; (double)bytes >= 999.95 * *scale && unit < UNITS - 1; unit++)
		*scale *= 1000;
	return unit;
}

void transfer_format_size(char *text, size_t size, long bytes)
{
	double scale;
	size_t unit = unit_of(bytes, &scale);

	snprintf(text, size, unit ? "%.1f %s" : "%.0f %s", (double)bytes / scale, units[unit]);
}

static void format_time(char *text, size_t size, long seconds)
{
	if (seconds < 60)
		snprintf(text, size, "%ld s", seconds);
	else if (seconds < 3600)
		snprintf(text, size, "%ld min %02ld s", seconds / 60, seconds % 60);
	else
		snprintf(text, size, "%ld h %02ld min", seconds / 3600, seconds / 60 % 60);
}

/* Writes "47.3 of 104.9 MB, 11.2 MB/s, 5 s left", without the unknown parts. */
static void format_transfer(char *text, size_t size, long done, long total, long elapsed_ms)
{
	char bytes[64], all[32], rate[32] = "", left[48] = "", word[32];
	double scale, per_second = (double)done * 1000 / (double)(elapsed_ms ? elapsed_ms : 1);

	if (total > 0) {
		unit_of(total, &scale);
		transfer_format_size(all, sizeof(all), total);
		snprintf(bytes, sizeof(bytes), scale > 1 ? "%.1f of %s" : "%.0f of %s",
			 (double)done / scale, all);
	} else {
		transfer_format_size(bytes, sizeof(bytes), done);
	}
	if (elapsed_ms >= RATE_AFTER_MS && done > 0) {
		transfer_format_size(word, sizeof(word), (long)per_second);
		snprintf(rate, sizeof(rate), ", %.20s/s", word);
		if (total > done) {
			format_time(word, sizeof(word),
				    1 + (long)((double)(total - done) / per_second));
			snprintf(left, sizeof(left), ", %s left", word);
		}
	}
	snprintf(text, size, "%s%s%s", bytes, rate, left);
}

void transfer_begin(struct transfer *transfer, const char *what, long total)
{
	*transfer = (struct transfer){.what = what,
				      .total = total,
				      .begun_ms = monotonic_ms(),
				      .is_on = isatty(STDERR_FILENO) && !debug_is_enabled()};
}

void transfer_show(struct transfer *transfer, long done)
{
	struct terminal terminal = terminal_of(STDERR_FILENO);
	char numbers[160], plain[512], line[1024];
	size_t len;

	if (!transfer->is_on)
		return;
	format_transfer(numbers, sizeof(numbers), done, transfer->total,
			monotonic_ms() - transfer->begun_ms);
	snprintf(plain, sizeof(plain), "lsl: %.200s: %s", transfer->what, numbers);
	len = visible_copy(line, sizeof(line), plain, strlen(plain));
	/* A line that wraps could not be erased. */
	if (terminal.width > 1)
		len = terminal_fit(line, len, terminal.width - 1);
	transfer->is_shown = true;
	fprintf(stderr, ERASE "%.*s", (int)len, line);
	fflush(stderr);
}

void transfer_end(struct transfer *transfer)
{
	if (transfer->is_shown)
		fputs(ERASE, stderr);
	fflush(stderr);
	transfer->is_on = transfer->is_shown = false;
}
