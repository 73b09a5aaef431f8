/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process that runs tools (tool.h). lsl forks it before it gives up its
 * privileges and loads its system call filter, which forbids execve, and sends
 * it requests afterwards. When lsl ends, the process and its tools end too.
 */
#ifndef LSL_MAKER_H
#define LSL_MAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/forked.h"

struct maker {
	struct forked process;
};

/* The longest request and answer, in bytes. */
#define MAKER_MESSAGE_MAX 65536

/*
 * Called in the process for one request of SIZE bytes, with a NUL after them.
 * It writes one to MAKER_MESSAGE_MAX bytes of ANSWER, and returns their number.
 * At the end, also when lsl was killed, REQUEST is NULL: undo incomplete work.
 */
typedef size_t maker_serve(char *request, size_t size, char *answer, void *arg);

/*
 * Forks the process. It keeps the capabilities that tools need, with IS_ROOT
 * all of lsl's, and calls SERVE with ARG for each request. Returns 0 or a
 * negative errno.
 */
int maker_start(struct maker *maker, bool is_root, maker_serve *serve, void *arg);

/*
 * Sends REQUEST and waits for ANSWER, which has room for MAKER_MESSAGE_MAX
 * bytes. Returns the length of the answer, or a negative errno; -EPIPE: the
 * process has ended.
 */
ssize_t maker_ask(const struct maker *maker, const char *request, size_t size, char *answer);

/* Ends the process after its last answer. */
void maker_end(struct maker *maker);

#endif
