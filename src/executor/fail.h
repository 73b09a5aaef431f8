/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why a command does not run. Each function finds the reason only now, after
 * the failure, prints one line, and ends the process, with EXIT_LSL if nothing
 * else is said here. The process must have no privilege.
 */
#ifndef LSL_FAIL_H
#define LSL_FAIL_H

/* There is no privilege to enter CONTAINER. */
_Noreturn void fail_no_privilege(const char *container);

/*
 * Privilege could not be given up before CONTAINER was entered. This prints no
 * other text than CONTAINER, whose characters are harmless.
 */
_Noreturn void fail_no_drop(const char *container);

/*
 * The namespace of CONTAINER cannot be opened: STATUS is the result of
 * nsfile_open or rundir_open, BY_ID that of nsfile_open_by_id.
 */
_Noreturn void fail_not_started(const char *container, int status, int by_id);

/* It cannot be entered: STATUS is the result of nsfile_enter. */
_Noreturn void fail_not_entered(const char *container, int status);

/*
 * The working directory cannot be entered in CONTAINER, whose root directory is
 * ROOTFS on the host: STATUS is the result of cwd_restore.
 */
_Noreturn void fail_no_directory(const char *container, const char *rootfs, int status);

/* Too many commands have called each other to run this one. */
_Noreturn void fail_depth(const char *container, const char *program);

/* SCRIPT, the very file that was called, is not found in CONTAINER. */
_Noreturn void fail_no_script(const char *container, const char *script);

/* CONTAINER has no PROGRAM: EXIT_NOT_FOUND. */
_Noreturn void fail_no_program(const char *container, const char *program);

/*
 * execve(2) of PATH in CONTAINER failed with ERR, a positive errno; or that of
 * EMULATOR did, unless that is NULL. EXIT_NOT_FOUND if there is no file at
 * PATH, else EXIT_CANNOT_EXECUTE.
 */
_Noreturn void fail_exec(const char *container, const char *path, const char *emulator, int err);

#endif
