/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * System call filters, seccomp(2): an allow-list for each program. A call that
 * is not on the list fails with ENOSYS, so that a C library falls back; calls
 * that only an attacker would make are reported and kill the process with
 * SIGSYS, and so do, unreported, calls of foreign architectures.
 */
#ifndef LSL_SECCOMP_H
#define LSL_SECCOMP_H

enum seccomp_program {
	SECCOMP_LSL, /* lsl: builds mount namespaces */
	/* lsl's process that writes into root filesystems: mounts nothing */
	SECCOMP_ROOTWRITER,
	/*
	 * lsl's processes that see to the menus: no privilege, and files alone
	 */
	SECCOMP_MENUS,
	SECCOMP_LSLFS, /* mount.lslfs: serves requests, enters namespaces */
};

/*
 * Says what became of the call NAME. It runs in a signal handler and may only
 * make calls that signal-safety(7) lists.
 */
typedef void seccomp_report(const char *name);

/*
 * Loads the filter for the calling process, all its threads and all its
 * children, for good, and sets no_new_privs. From then on the process cannot
 * set a handler for SIGSYS. Needs no privilege. KILLED is told of calls that
 * kill the process.
 *
 * REFUSED, which may be NULL, is told of the others, which fail with ENOSYS,
 * but for clone3, which C libraries always try; on x86-64 and arm64 alone. It
 * is for people who look for a mistake: with it, a call that is refused while
 * SIGSYS is blocked kills the process.
 *
 * A negative errno on failure; -EINVAL or -ENOSYS where the kernel was built
 * without seccomp filters.
 */
int seccomp_apply(enum seccomp_program program, seccomp_report *killed, seccomp_report *refused);

/*
 * Takes more from a server of the command directory, in which SECCOMP_LSLFS is
 * in force: it mounts nothing, makes no process, and changes no credentials. As
 * above.
 */
int seccomp_confine_server(void);

#endif
