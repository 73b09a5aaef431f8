/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The credentials of lslExecutor. It is started with privilege on behalf of a
 * caller, reduces it at once to the least that entering a namespace needs, and
 * becomes the caller for good before it looks at anything inside. Made of bare
 * system calls, because libcap is built for another C library than this program
 * is linked with.
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
	 * What the process began with. Where one is the caller's own, there is
	 * nothing of that kind to give up.
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
 * Real root's own stay permitted, where they have no effect. If they went, the
 * program would gain them by its exec. That the kernel refuses under
 * no_new_privs, and otherwise makes it a process that dumps no core and does
 * not hear of its parent's death.
 */
int creds_begin(struct creds *creds);

/*
 * Takes the caller's ids for good and keeps the capabilities to enter: from
 * then on a setuid program is what one with file capabilities is from the
 * beginning. The caller must not be root.
 */
int creds_become(const struct creds *creds);

/*
 * The rights of the caller and no others, until creds_lower: for a user
 * creds_become, and no capability in effect; for real root
 * CAP_DAC_READ_SEARCH alone.
 */
int creds_be_caller(const struct creds *creds);

/*
 * For real root alone: CAP_SYS_PTRACE is in effect too, if root has it, until
 * creds_lower. The kernel asks for it of a process that looks into another
 * one, ptrace(2).
 */
int creds_raise_ptrace(const struct creds *creds);
int creds_lower(const struct creds *creds);

/*
 * Becomes the caller for good: real, effective, saved and file system ids, and
 * no capability in any set. Only for real root CAP_DAC_READ_SEARCH is in effect
 * until exec: so root can execute programs in directories that only their owner
 * may search, as a home with mode 0700. It reads back the ids that it has set,
 * and the capabilities where none is left; for a user it tries to become root
 * again, which must fail.
 */
int creds_drop(const struct creds *creds);

#endif
