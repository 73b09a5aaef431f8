/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages of lslExecutor: one line on stderr, without stdio, which would be
 * half of the program. The reason of a failure is found only after it has
 * happened.
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

/* Prints why there is no privilege to enter CONTAINER. */
void message_no_privilege(const char *container);

/* Prints that privilege could not be given up before CONTAINER was entered. */
void message_no_drop(const char *container);

/*
 * Prints why the namespace of CONTAINER cannot be opened: STATUS is the result
 * of nsfile_open or rundir_open, BY_ID that of nsfile_open_by_id. The process
 * must have no privilege, here and below.
 */
void message_not_started(const char *container, int status, int by_id);

/* Prints why it cannot be entered: STATUS is the result of nsfile_enter. */
void message_not_entered(const char *container, int status);

/*
 * Prints why the working directory cannot be entered in CONTAINER, whose root
 * directory is ROOTFS on the host: STATUS is the result of cwd_restore.
 */
void message_no_directory(const char *container, const char *rootfs, int status);

/* Prints that too many commands have called each other to run this one. */
void message_depth(const char *container, const char *program);

/*
 * Prints that SCRIPT, the very file that was called, is not found in CONTAINER.
 */
void message_no_script(const char *container, const char *script);

/* Prints that CONTAINER has no PROGRAM. */
void message_no_program(const char *container, const char *program);

/*
 * Prints why execve(2) of PATH in CONTAINER failed with ERR, a positive errno;
 * or why that of EMULATOR failed, unless that is NULL.
 */
void message_exec(const char *container, const char *path, const char *emulator, int err);

#endif
