/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * System call filters, seccomp(2): an allow-list for each program. A call that is not on the list
 * fails with ENOSYS, so that a C library falls back; calls that only an
 * attacker would make, and calls of foreign architectures, kill the process.
 */
#ifndef LSL_SECCOMP_H
#define LSL_SECCOMP_H

enum seccomp_program {
	SECCOMP_LSL, /* lsl: builds mount namespaces */
	SECCOMP_LSLFS, /* mount.lslfs: serves requests, enters namespaces */
};

/*
 * Loads the filter for the calling process, all its threads and all its
 * children, for good, and sets no_new_privs. Needs no privilege. A negative errno on failure; -EINVAL or -ENOSYS where the kernel
 * was built without seccomp filters.
 */
int seccomp_apply(enum seccomp_program program);

#endif
