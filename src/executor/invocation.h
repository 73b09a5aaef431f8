/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which command was called. A link in the command directory leads to
 * lslExecutor, so /proc/self/exe does not say it. The path that was given to
 * execve(2) does: AT_EXECFN of getauxval(3). It is the link's path, whatever
 * argv[0] is. Three cases differ:
 *
 *	#! script	AT_EXECFN is the script, argv[0] the interpreter
 *	fexecve(3)	AT_EXECFN is /dev/fd/N, argv[0] the caller's choice
 *	a link		AT_EXECFN is the caller's link to a command's link
 *
 * Both strings are the caller's to choose, and a caller may be restricted in
 * the choice of one only: sudo(8) with a digest in its rule executes the
 * command's file by descriptor, with an argv[0] that the user has typed. So
 * argv[0] counts where the kernel has put it there, or where nothing is gained
 * by it, in this order:
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
 * The first two. Returns the one of PATH and ARGV0 that names the command;
 * NULL: the others have to be tried. Names in the command directory are spelled
 * LINKSDIR/debian:ls or LINKSDIR/debian/ls.
 */
const char *invocation_spelled(const char *path, const char *argv0, struct command *command);

/*
 * The others; reads links with the rights of the process, whose descriptors
 * and working directory are still those that PATH was executed with. Returns
 * the one of PATH and ARGV0 (without the dash of a login shell) that names the
 * command, or NULL if neither does.
 */
const char *invocation_resolve(const char *path, const char *argv0, struct command *command);

/* The fifth alone. */
bool invocation_from_name(const char *argv0, struct command *command);

/*
 * Whether PATH is below /dev/fd or /proc: it names a descriptor then, or
 * whatever a process has at the moment.
 */
bool invocation_is_descriptor(const char *path);

/*
 * The argv[0] of the program: its own bare name, which is that in COMMAND, if
 * ARGV0 is just how the command was called, which is PATH; in NAME, which has
 * room for NAME_MAX + 2 bytes, with a '-' before it where ARGV0 has one (a
 * login shell); ARGV0 itself if the caller chose something else (exec -a). No
 * file is looked at.
 */
const char *invocation_program_argv0(const char *path, const char *argv0,
				     const struct command *command, char *name);

#endif
