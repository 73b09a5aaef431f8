/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What lslExecutor says: one line on stderr, without stdio, which would be half
 * of the program. The reason of a failure is looked for only when it happened.
 */
#ifndef LSL_EXPLAIN_H
#define LSL_EXPLAIN_H

/*
 * Writes "lslExecutor: ", the strings up to NULL, and a newline. The strings
 * are written in visible form (visible.h): names come from the caller, and the
 * line goes to a terminal.
 */
void explain(const char *first, ...) __attribute__((sentinel));

/* The same without "lslExecutor: ". */
void explain_plain(const char *first, ...) __attribute__((sentinel));

/* Says why there is no privilege to enter CONTAINER. */
void explain_no_privilege(const char *container);

/* Says that privilege could not be given up on the way into CONTAINER. */
void explain_no_drop(const char *container);

/*
 * Says why the namespace of CONTAINER cannot be opened: STATUS is nsfile_open's
 * or mntdir_open's. The process must have no privilege, here and below.
 */
void explain_not_started(const char *container, int status);

/*
 * Says why the working directory cannot be entered in CONTAINER, whose root
 * directory is ROOTFS on the host: STATUS is directory_restore's.
 */
void explain_no_directory(const char *container, const char *rootfs, int status);

/* Says that CONTAINER has no PROGRAM. */
void explain_no_program(const char *container, const char *program);

/*
 * Says why execve(2) of PATH in CONTAINER failed with ERR, a positive errno; or
 * of EMULATOR, its interpreter on the host, unless that is NULL.
 */
void explain_exec(const char *container, const char *path, const char *emulator, int err);

#endif
