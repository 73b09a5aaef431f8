/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The last step of lslExecutor: the program takes the process over. The kernel
 * is asked first: it knows what is native, what a handler of binfmt_misc runs (binfmt.h), what setuid
 * and #! mean. Only what it cannot execute is executed in another way.
 */
#ifndef LSL_EXECUTE_H
#define LSL_EXECUTE_H

/*
 * execve(2), with more room for arguments where they need it: they fitted the
 * caller's limit, but the kernel has lowered that for a setuid program, and a
 * few bytes have been added. Returns a negative errno.
 */
int execute_file(const char *path, char **argv, char **vars);

/*
 * Executes PATH with ARGV and VARS. What the kernel refuses with ENOEXEC is
 *
 *	a script without #!: run by /bin/sh, as execvp(3) does,
 *	a program for another architecture, or a script whose interpreter is one: run under
 *	EMULATOR, a path on the host, if that is not NULL. "-0" is QEMU's way to give argv[0].
 *
 * Returns only on failure, with a negative errno, and in *FAILED which of PATH and EMULATOR that is about.
 */
int execute(const char *path, char **argv, char **vars, const char *emulator, const char **failed);

#endif
