/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which command was called. A link in the command directory leads to
 * lslExecutor, so /proc/self/exe says nothing. What says it is the path that
 * was given to execve(2), AT_EXECFN of getauxval(3): that of the link, whatever
 * argv[0] is. Three cases differ:
 *
 *	#! script		AT_EXECFN is the script, argv[0] the interpreter
 *	fexecve(3)		AT_EXECFN is /dev/fd/N, argv[0] the caller's choice
 *	link of the caller's	AT_EXECFN is that link, which leads to a command's
 *
 * So: AT_EXECFN, if it or a link that it leads through is a link to lslExecutor
 * (or a hard link to it) with the name of a command; else argv[0], likewise. Both are the caller's to
 * choose. They select among the started containers, and nothing else comes of them.
 */
#ifndef LSL_CALLPATH_H
#define LSL_CALLPATH_H

#include <stdbool.h>

#include "command.h"

/*
 * Whether PATH and ARGV0 say all by their spelling, so that nothing below looks at a file: PATH is a
 * name in the command directory or in a container's own directory there, which hold nothing but links to
 * lslExecutor, and ARGV0 is that name too.
 */
bool callpath_is_spelled_out(const char *path, const char *argv0);

/*
 * The command that PATH, as given to execve, names by itself or through
 * links. The file ids must be the caller's (identity_caller), here and below, unless
 * callpath_is_spelled_out: links are read.
 */
bool callpath_follow(const char *path, struct command *command);

/* The same for ARGV0, which need not be a path: "debian:ls", "-debian:bash", "/subsysbin/debian:perl". */
bool callpath_from_argv0(const char *argv0, struct command *command);

/*
 * The argv[0] of the program: its own bare name, with a '-' before it where
 * ARGV0 has one (a login shell), if ARGV0 is just how the command was called;
 * ARGV0 itself if the caller chose something else (exec -a). NAME has room for NAME_MAX + 2 bytes.
 */
const char *callpath_program_argv0(const char *path, const char *argv0,
				   const struct command *command, char *name);

#endif
