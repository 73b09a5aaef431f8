/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds which command was called. Links in the command directory lead to
 * lslExecutor, so /proc/self/exe does not tell. The path that was given to
 * execve(2) does, AT_EXECFN of getauxval(3): it is the link's path, whatever
 * argv[0] is. Three cases differ:
 *
 *	#! script	AT_EXECFN is the script, argv[0] the interpreter
 *	fexecve(3)	AT_EXECFN is /dev/fd/N, argv[0] the caller's choice
 *	a link		AT_EXECFN is the caller's link to a command's link
 *
 * The caller chooses both strings, but may be restricted in the choice of one:
 * sudo(8) with a digest in its rule executes the command's file by descriptor,
 * with an argv[0] that the user has typed. So argv[0] counts only if the kernel
 * has set it, or if the caller gains nothing by it, in this order:
 *
 *	1. AT_EXECFN that is a name in the command directory
 *	2. argv[0] that is one
 *	3. AT_EXECFN that leads to a command through links
 *	4. argv[0] that leads to one, if AT_EXECFN is a script
 *	5. argv[0] "debian:ls" or "-debian:bash"
 *
 * Only the first two need no look at a file. Before the others lslExecutor
 * gives up all privilege. It then executes the command that they yield.
 */
#ifndef LSL_INVOCATION_H
#define LSL_INVOCATION_H

#include <stdbool.h>

#include "command.h"

/*
 * Cases 1 and 2. Returns the one of PATH and ARGV0 that names the command;
 * NULL: the other cases have to be tried. Names in the command directory are
 * spelled LINKSDIR/debian:ls or LINKSDIR/debian/ls.
 */
const char *invocation_spelled(const char *path, const char *argv0, struct command *command);

/*
 * Cases 3 to 5. Reads links with the rights of the process, whose descriptors
 * and working directory must still be those with which PATH was executed.
 * Returns the one of PATH and ARGV0 (without the dash of a login shell) that
 * names the command, or NULL if neither does.
 */
const char *invocation_resolve(const char *path, const char *argv0, struct command *command);

/* Case 5 only. */
bool invocation_from_name(const char *argv0, struct command *command);

/*
 * Whether PATH is below /dev/fd or /proc, where it names a descriptor or
 * another file of a process.
 */
bool invocation_is_descriptor(const char *path);

/*
 * The argv[0] of the program. If ARGV0 is a name of the command, or PATH, by
 * which it was called: the program's bare name from COMMAND, in NAME, which has
 * room for NAME_MAX + 2 bytes, with a '-' before it if ARGV0 has one (a login
 * shell). If the caller chose another ARGV0 (exec -a): ARGV0 itself. This looks
 * at no file.
 */
const char *invocation_program_argv0(const char *path, const char *argv0,
				     const struct command *command, char *name);

#endif
