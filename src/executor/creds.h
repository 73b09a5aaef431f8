/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The credentials of lslExecutor. It is started with privilege on behalf of a
 * caller, reduces it at once to the least that entering a namespace needs, and
 * becomes the caller for good before it looks at anything inside. It uses bare
 * system calls, because libcap is built for another C library than this
 * program.
 *
 * Each function returns 0 or a negative errno. After a failure the only thing
 * left to do is to exit.
 */
#ifndef LSL_CREDS_H
#define LSL_CREDS_H

#include <stdint.h>
#include <sys/types.h>

struct creds {
	/* The caller: the real ids, which no setuid bit changes. */
	uid_t uid;
	gid_t gid;
	/*
	 * The ids with which the process began. A kind of ids that was already
	 * the caller's need not be given up.
	 */
	uid_t euid;
	gid_t egid;
	/* The capabilities that creds_begin leaves permitted. */
	uint64_t permitted;
};

/*
 * Learns who the caller is, and gives up all capabilities but CAP_SYS_ADMIN and
 * CAP_SYS_CHROOT. No user may look into the process from then on. -EPERM: at
 * least one of the two is missing; a caller other than root then keeps no
 * capability. CREDS is set all the same.
 *
 * Real root's own capabilities stay permitted, but not in effect. Otherwise the
 * program would gain them at its exec: under no_new_privs the kernel refuses
 * that, and without it such a process dumps no core and gets no parent-death
 * signal.
 */
int creds_begin(struct creds *creds);

/*
 * Takes the caller's ids for good and keeps the capabilities to enter. A setuid
 * process is then like one with file capabilities. The caller must not be root.
 */
int creds_become(const struct creds *creds);

/*
 * Raises the rights of the caller and no others, until creds_lower: for a user
 * creds_become, and no capability in effect; for real root only
 * CAP_DAC_READ_SEARCH.
 */
int creds_be_caller(const struct creds *creds);

/*
 * Only for real root: CAP_SYS_PTRACE is in effect too, if root has it, until
 * creds_lower. The kernel demands it from a process that looks into another
 * one, ptrace(2).
 */
int creds_raise_ptrace(const struct creds *creds);
int creds_lower(const struct creds *creds);

/*
 * Becomes the caller for good: real, effective, saved and file system ids, and
 * no capability in any set. Real root keeps CAP_DAC_READ_SEARCH in effect until
 * exec, so that root can execute programs in directories that only their owner
 * may search, such as a home with mode 0700. It reads back the ids that it has
 * set, and the capabilities if none may be left; for a user it tries to become
 * root again, which must fail.
 */
int creds_drop(const struct creds *creds);

#endif
