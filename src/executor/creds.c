/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "creds.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* linux/capability.h */
#define CAPABILITY_VERSION_3 0x20080522
#define CAP_BIT_DAC_READ_SEARCH (UINT64_C(1) << 2)
#define CAP_BIT_SYS_CHROOT (UINT64_C(1) << 18)
#define CAP_BIT_SYS_PTRACE (UINT64_C(1) << 19)
#define CAP_BIT_SYS_ADMIN (UINT64_C(1) << 21)

/* The capabilities that setns(2) needs for a mount namespace. */
#define CAPS_TO_ENTER (CAP_BIT_SYS_ADMIN | CAP_BIT_SYS_CHROOT)

struct caps {
	uint64_t effective, permitted, inheritable;
};

struct capability_header {
	uint32_t version;
	int32_t pid;
};

struct capability_data {
	uint32_t effective, permitted, inheritable;
};

static int caps_get(struct caps *caps)
{
	struct capability_header header = {.version = CAPABILITY_VERSION_3};
	struct capability_data data[2];

	if (syscall(SYS_capget, &header, data) < 0)
		return -errno;
	caps->effective = data[0].effective | (uint64_t)data[1].effective << 32;
	caps->permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
	caps->inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
	return 0;
}

/*
 * Sets EFFECTIVE and PERMITTED with nothing inheritable. The ambient set is
 * empty then: no capability can be in it that is not inheritable,
 * capabilities(7).
 */
static int caps_set(uint64_t effective, uint64_t permitted)
{
	struct capability_header header = {.version = CAPABILITY_VERSION_3};
	struct capability_data data[2] = {
		{(uint32_t)effective, (uint32_t)permitted, 0},
		{(uint32_t)(effective >> 32), (uint32_t)(permitted >> 32), 0},
	};

	return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

/* Gives up all of them, and proves that. */
static int caps_clear(void)
{
	struct caps now = {0};
	int status = caps_set(0, 0);

	if (status == 0)
		status = caps_get(&now);
	if (status < 0)
		return status;
	return now.effective || now.permitted || now.inheritable ? -EPERM : 0;
}

/*
 * An id that the kernel gave to the process at exec, getauxval(3): nothing can
 * have changed it yet, so no system call is needed. No id is -1, which means
 * "unchanged" to setresuid(2); here it means "not given".
 */
static int initial_id(unsigned long type, uint32_t *id)
{
	errno = 0;
	*id = (uint32_t)getauxval(type);
	return errno == 0 && *id != (uint32_t)-1 ? 0 : -EINVAL;
}

/*
 * At exec, saved and file system ids become what the effective ones are,
 * credentials(7).
 */
static int initial_ids(struct creds *creds)
{
	int status = initial_id(AT_UID, &creds->uid);

	if (status == 0)
		status = initial_id(AT_GID, &creds->gid);
	if (status == 0)
		status = initial_id(AT_EUID, &creds->euid);
	if (status == 0)
		status = initial_id(AT_EGID, &creds->egid);
	return status;
}

/*
 * The kernel undoes it with each change of an effective or file system id,
 * commit_creds in kernel/cred.c.
 */
static int hide(void)
{
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ? -errno : 0;
}

static int keep_least(struct creds *creds)
{
	struct caps caps = {.permitted = CAPS_TO_ENTER};
	int status = initial_ids(creds);

	creds->permitted = 0;
	/* Root may look into every process of root. */
	if (status == 0 && creds->uid != 0)
		status = hide();
	if (status == 0 && creds->euid != 0 && creds->euid != creds->uid)
		status = -EPERM;
	if (status == 0 && creds->uid == 0)
		status = caps_get(&caps);
	if (status < 0)
		return status;
	creds->permitted = caps.permitted;
	/* EPERM: the process does not have them. */
	return caps_set(CAPS_TO_ENTER, creds->permitted);
}

int creds_begin(struct creds *creds)
{
	int status = keep_least(creds);

	/* Then no namespace will be entered. */
	return status == -EPERM && creds->uid != 0 && caps_set(0, 0) < 0 ? -EIO : status;
}

static bool has_others_ids(const struct creds *creds)
{
	return creds->euid != creds->uid || creds->egid != creds->gid;
}

/* The caller's effective capabilities for a look at files. */
static uint64_t callers_caps(const struct creds *creds)
{
	return creds->uid == 0 ? creds->permitted & CAP_BIT_DAC_READ_SEARCH : 0;
}

/*
 * With file capabilities the ids were always the caller's, and only this gives
 * something up.
 */
static int drop_caps(const struct creds *creds)
{
	if (creds->uid != 0)
		return caps_clear();
	return caps_set(callers_caps(creds), creds->permitted);
}

/*
 * With 32-bit ids: on some architectures the plain numbers are calls with
 * 16-bit ids.
 */
#ifdef SYS_setresuid32
#define CALL_SETRESUID SYS_setresuid32
#define CALL_SETRESGID SYS_setresgid32
#else
#define CALL_SETRESUID SYS_setresuid
#define CALL_SETRESGID SYS_setresgid
#endif

/*
 * Sets each kind of ids that was not the caller's from the beginning. It does
 * not use the C library's functions, which block and unblock signals to reach
 * other threads; there are none.
 */
static int set_ids(const struct creds *creds)
{
	uid_t uid = creds->uid;
	gid_t gid = creds->gid;

	if ((creds->egid != gid && syscall(CALL_SETRESGID, gid, gid, gid) < 0) ||
	    (creds->euid != uid && syscall(CALL_SETRESUID, uid, uid, uid) < 0))
		return -errno;
	return has_others_ids(creds) ? hide() : 0;
}

/* The result and the ids of getresuid(2) or getresgid(2). */
static int compare_ids(int returned, const uint32_t ids[3], uint32_t expected)
{
	if (returned < 0)
		return -errno;
	return ids[0] == expected && ids[1] == expected && ids[2] == expected ? 0 : -EPERM;
}

/* The file system ids follow the effective ones, credentials(7). */
static int verify_ids(const struct creds *creds)
{
	uint32_t ids[3];
	int status = 0;

	if (creds->egid != creds->gid)
		status = compare_ids(getresgid(&ids[0], &ids[1], &ids[2]), ids, creds->gid);
	if (status == 0 && creds->euid != creds->uid)
		status = compare_ids(getresuid(&ids[0], &ids[1], &ids[2]), ids, creds->uid);
	return status;
}

int creds_become(const struct creds *creds)
{
	int status;

	/*
	 * Without this, a process loses all capabilities when it stops being
	 * root's.
	 */
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return -errno;
	status = set_ids(creds);
	if (status == 0)
		status = caps_set(CAPS_TO_ENTER, CAPS_TO_ENTER);
	if (status == 0 && prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0)
		status = -errno;
	return status;
}

int creds_be_caller(const struct creds *creds)
{
	int status = creds->uid == 0 ? 0 : creds_become(creds);

	return status < 0 ? status : caps_set(callers_caps(creds), creds->permitted);
}

int creds_raise_ptrace(const struct creds *creds)
{
	return caps_set(CAPS_TO_ENTER | (creds->permitted & CAP_BIT_SYS_PTRACE), creds->permitted);
}

int creds_lower(const struct creds *creds)
{
	return caps_set(CAPS_TO_ENTER, creds->permitted);
}

/* Whether a user can get root's ids back. */
static bool can_become_root(const struct creds *creds)
{
	if (creds->uid != 0 && syscall(CALL_SETRESUID, -1, 0, -1) == 0)
		return true;
	return creds->egid != creds->gid && creds->gid != 0 &&
	       syscall(CALL_SETRESGID, -1, 0, -1) == 0;
}

int creds_drop(const struct creds *creds)
{
	int status = set_ids(creds);

	if (status == 0)
		status = drop_caps(creds);
	if (status == 0)
		status = verify_ids(creds);
	if (status == 0 && can_become_root(creds))
		status = -EPERM;
	return status;
}
