/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What lslExecutor says: one line on stderr, without stdio, which would be half
 * of the program. The reason of a failure is looked for only when it happened.
 */
#ifndef LSL_EXECUTOR_MESSAGE_H
#define LSL_EXECUTOR_MESSAGE_H

/*
 * Writes "lslExecutor: ", the strings up to NULL, and a newline. The strings
 * are written in visible form (visible.h): names come from the caller, and the
 * line goes to a terminal.
 */
void message_write(const char *first, ...) __attribute__((sentinel));

/* The same without "lslExecutor: ". */
void message_plain(const char *first, ...) __attribute__((sentinel));

/* Says why there is no privilege to enter CONTAINER. */
void message_no_privilege(const char *container);

/* Says that privilege could not be given up on the way into CONTAINER. */
void message_no_drop(const char *container);

/*
 * Says why the namespace of CONTAINER cannot be opened: STATUS is nsfile_open's
 * or rundir_open's, BY_ID nsfile_open_by_id's. The process must have no
 * privilege, here and below.
 */
void message_not_started(const char *container, int status, int by_id);

/* Says why it cannot be entered: STATUS is nsfile_enter's. */
void message_not_entered(const char *container, int status);

/*
 * Says why the working directory cannot be entered in CONTAINER, whose root
 * directory is ROOTFS on the host: STATUS is cwd_restore's.
 */
void message_no_directory(const char *container, const char *rootfs, int status);

/*
 * Says that SCRIPT, the very file that was called, is not found in CONTAINER.
 */
void message_no_script(const char *container, const char *script);

/* Says that CONTAINER has no PROGRAM. */
void message_no_program(const char *container, const char *program);

/*
 * Says why execve(2) of PATH in CONTAINER failed with ERR, a positive errno; or
 * of EMULATOR, its interpreter on the host, unless that is NULL.
 */
void message_exec(const char *container, const char *path, const char *emulator, int err);

#endif
