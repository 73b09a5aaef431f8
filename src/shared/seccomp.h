/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * System call filters, seccomp(2): an allow-list for each program. A call that
 * is not on the list fails with ENOSYS, so that a C library falls back; a call
 * that only an attacker would make is reported and kills the process with
 * SIGSYS. So does, without a report, a call of another architecture.
 */
#ifndef LSL_SECCOMP_H
#define LSL_SECCOMP_H

enum seccomp_program {
	SECCOMP_LSL, /* lsl: builds mount namespaces */
	/* lsl's process that writes into root filesystems: mounts nothing */
	SECCOMP_ROOTWRITER,
	/* lsl's processes that update the menus: no privilege, only files */
	SECCOMP_MENUS,
	SECCOMP_LSLFS, /* mount.lslfs: serves requests, enters namespaces */
};

/*
 * Reports the call NAME. It runs in a signal handler, so it may only call
 * functions that signal-safety(7) lists.
 */
typedef void seccomp_report(const char *name);

/*
 * Loads the filter for the calling process, all its threads and all its
 * children, for good, and sets no_new_privs. From then on the process cannot
 * set a handler for SIGSYS. Needs no privilege. KILLED is called for calls that
 * kill the process.
 *
 * REFUSED, which may be NULL, is called for the others, which fail with ENOSYS,
 * except clone3, which C libraries always try; only on x86-64 and arm64. It is
 * for debugging: with it, a call that is refused while SIGSYS is blocked kills
 * the process.
 *
 * A negative errno on failure; -EINVAL or -ENOSYS: the kernel was built without
 * seccomp filters.
 */
int seccomp_apply(enum seccomp_program program, seccomp_report *killed, seccomp_report *refused);

/*
 * Adds a filter to a server of the command directory, in which SECCOMP_LSLFS is
 * in force: no mounts, no new processes, no change of credentials. As above.
 */
int seccomp_confine_server(void);

#endif
