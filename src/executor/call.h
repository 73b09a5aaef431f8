/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the caller asks for: a command (invocation.h), or lslExecutor itself
 * with arguments.
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
	const char *script; /* whose interpreter the program is, or NULL */
	const char *argv0; /* the program's */
	char name[NAME_MAX + 2]; /* room for it */
	char **argv; /* its arguments; [0] is the caller's */
	bool is_which; /* lslExecutor --which CONTAINER PROGRAM */
};

/*
 * Which command is called. Returns only where no file has to be looked at for
 * that, with all privilege that the process has. PRIVILEGE is what creds_begin
 * has returned.
 */
void call_take(int argc, char **argv, char **envp, const struct creds *creds, int privilege,
	       struct call *call);

/*
 * The kernel puts a script's path behind the interpreter, and perhaps one
 * argument of that. Whether argument NUMBER, which is there, is CALL's script;
 * whether one of the first CALL_SCRIPT_MAX is.
 */
#define CALL_SCRIPT_MAX 2

bool call_is_script(const struct call *call, size_t number);
bool call_has_script(const struct call *call);

/*
 * No container is meant: prints help, version or usage, and ends the process.
 */
_Noreturn void call_answer(int argc, char **argv);

#endif
