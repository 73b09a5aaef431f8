/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The progress of a transfer, on one line of a terminal:
 *
 *	lsl: debian/13: 47.3 of 104.9 MB, 11.2 MB/s, 5 s left
 *
 * Shows nothing if stderr is no terminal, or with --debug, which prints more.
 */
#ifndef LSL_TRANSFER_H
#define LSL_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>

struct transfer {
	const char *what; /* stays the caller's */
	long total; /* in bytes; 0: unknown */
	long begun_ms;
	bool is_shown, is_on;
};

void transfer_begin(struct transfer *transfer, const char *what, long total);

/* DONE bytes have arrived. */
void transfer_show(struct transfer *transfer, long done);

/* Erases the line. */
void transfer_end(struct transfer *transfer);

/* Writes a number of bytes in a readable unit: "512 B", "47.3 MB". */
void transfer_format_size(char *text, size_t size, long bytes);

#endif
