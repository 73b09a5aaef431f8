/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What lslExecutor prints, and how it ends when no program takes over the
 * process. Without stdio, which would be half of the program.
 */
#ifndef LSL_EXIT_H
#define LSL_EXIT_H

#include "creds.h"

/* The same as those of env(1), timeout(1) and chroot(1). */
enum {
	EXIT_LSL = 125, /* lsl itself failed */
	EXIT_CANNOT_EXECUTE = 126,
	EXIT_NOT_FOUND = 127,
};

/*
 * Prints the strings up to NULL in a line on stderr. They are in visible form
 * (visible.h): names come from the caller, and the line goes to a terminal.
 */
void say_line(const char *first, ...) __attribute__((sentinel));

/* The same after "lslExecutor: ". Then ends the process with STATUS. */
_Noreturn void exit_saying(int status, const char *first, ...) __attribute__((sentinel));

/*
 * Prints WORDS, and ends the process with EXIT_LSL. Standard error may be a
 * file that checks who writes to it, so with privilege only fixed words are
 * printed.
 */
_Noreturn void exit_with_privilege(const char *words);

/*
 * Writes TEXT to FD and ends the process with STATUS, or with EXIT_LSL if it
 * cannot write.
 */
_Noreturn void exit_printing(int fd, const char *text, int status);

/* creds_drop; if that fails, ends the process. */
void give_up_privilege(const struct creds *creds);

#endif
