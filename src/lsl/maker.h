/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process that runs tools (tool.h). lsl forks it before it gives up its
 * privileges and loads its system call filter, under which nothing can be
 * executed, and asks it afterwards. It ends, and its tools with it, when lsl
 * ends.
 */
#ifndef LSL_MAKER_H
#define LSL_MAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "forked.h"

struct maker {
	struct forked process;
};

/* The longest request and answer, in bytes. */
#define MAKER_MESSAGE_MAX 65536

/*
 * What the process does with one request, SIZE bytes, with a NUL behind them.
 * It writes at most MAKER_MESSAGE_MAX bytes of ANSWER, and at least one, and
 * returns how many. REQUEST is NULL at the end, also when lsl was killed: what
 * is begun is taken back.
 */
typedef size_t maker_serve(char *request, size_t size, char *answer, void *arg);

/*
 * Forks the process. It keeps the capabilities that tools take, with IS_ROOT
 * all of lsl's, and calls SERVE with ARG for each request. 0 or a negative
 * errno.
 */
int maker_start(struct maker *maker, bool is_root, maker_serve *serve, void *arg);

/*
 * Sends REQUEST and waits for ANSWER, MAKER_MESSAGE_MAX bytes large. The length
 * of it, or a negative errno; -EPIPE: the process is gone.
 */
ssize_t maker_ask(const struct maker *maker, const char *request, size_t size, char *answer);

/* Ends the process, which answers first. */
void maker_end(struct maker *maker);

#endif
