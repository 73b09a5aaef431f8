/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The call: of a command (invocation.h), or of lslExecutor itself with
 * arguments.
 */
#ifndef LSL_CALL_H
#define LSL_CALL_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "command.h"
#include "creds.h"

struct call {
	struct command command;
	const char *path; /* AT_EXECFN */
	const char *absolute; /* the program's path, if that was given */
	const char *script; /* the script that it interprets, or NULL */
	const char *argv0; /* the program's */
	char name[NAME_MAX + 2]; /* room for it */
	char **argv; /* its arguments; [0] was set by the caller */
	bool is_which; /* lslExecutor --which CONTAINER PROGRAM */
};

/*
 * Finds which command is called. Returns, with all privilege of the process,
 * only if that needs no look at a file. PRIVILEGE is the result of creds_begin.
 */
void call_take(int argc, char **argv, char **envp, const struct creds *creds, int privilege,
	       struct call *call);

/*
 * The kernel puts a script's path after the interpreter and perhaps one
 * argument of the interpreter. Whether argument NUMBER, which exists, is CALL's
 * script; whether one of the first CALL_SCRIPT_MAX is.
 */
#define CALL_SCRIPT_MAX 2

bool call_is_script(const struct call *call, size_t number);
bool call_has_script(const struct call *call);

/*
 * The arguments name no container: prints help, version or usage, and ends the
 * process.
 */
_Noreturn void call_answer(int argc, char **argv);

#endif
