/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The last step of lslExecutor: the program takes over the process. The kernel
 * gets the first try: it knows native programs, handlers of binfmt_misc
 * (binfmt.h), setuid bits and #!. Only files that it cannot execute are
 * executed in another way.
 */
#ifndef LSL_EXEC_H
#define LSL_EXEC_H

/* How much of a script's first line the kernel reads, BINPRM_BUF_SIZE. */
#define EXEC_LINE_MAX 256

/*
 * execve(2), with more room for arguments if they need it: they fitted into the
 * caller's limit, but the kernel has lowered it for a setuid program, and
 * lslExecutor has added a few bytes. Returns a negative errno.
 */
int exec_file(const char *path, char **argv, char **vars);

/*
 * The arguments HEAD, up to NULL, and those of ARGV after its first one. Never
 * freed (arena.h).
 */
char **exec_prepend(const char *const *head, char **argv);

/*
 * Executes PATH with ARGV and VARS. A file that the kernel refuses with ENOEXEC
 * is
 *
 *	a script without #!: /bin/sh runs it, as in execvp(3);
 *	a program for another architecture, or a script with such an
 *	interpreter: EMULATOR runs it, a path on the host, unless that is
 *	NULL. "-0" is QEMU's option for argv[0].
 *
 * Returns only on failure, with a negative errno; *FAILED is then PATH or
 * EMULATOR, the one that could not be executed.
 */
int exec_program(const char *path, char **argv, char **vars, const char *emulator,
		 const char **failed);

#endif
