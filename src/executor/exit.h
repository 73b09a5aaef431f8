/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How lslExecutor ends where no program takes the process over.
 */
#ifndef LSL_EXIT_H
#define LSL_EXIT_H

#include "creds.h"

/* As env(1), timeout(1) and chroot(1) have them. */
enum {
	EXIT_LSL = 125, /* lsl itself failed */
	EXIT_CANNOT_EXECUTE = 126,
	EXIT_NOT_FOUND = 127,
};

/*
 * Ends the process with EXIT_LSL and says WORDS. Standard error may be a file
 * that looks at the writer: only fixed words are said with privilege.
 */
_Noreturn void exit_with_privilege(const char *words);

/*
 * Writes TEXT to FD and ends the process with STATUS; with EXIT_LSL where it
 * cannot.
 */
_Noreturn void exit_printing(int fd, const char *text, int status);

/* creds_drop, or the process ends. */
void give_up_privilege(const struct creds *creds);

#endif
