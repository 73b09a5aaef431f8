/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last step of helpers that run a program under a system call filter. */
#ifndef LSL_FILTER_H
#define LSL_FILTER_H

#include <err.h>
#include <errno.h>
#include <seccomp.h>
#include <unistd.h>

/*
 * Loads FILTER, if STATUS, of its last rule, is no negative errno, and executes
 * the program ARGV. On failure ends with 125 and a message. A setuid program
 * keeps its effect.
 */
static inline void filter_execute(scmp_filter_ctx filter, int status, char **argv)
{
	if (status == 0)
		status = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0);
	if (status == 0)
		status = seccomp_load(filter);
	if (status < 0) {
		errno = -status;
		err(125, "no filter");
	}
	execvp(argv[0], argv);
	err(125, "%s", argv[0]);
}

#endif
