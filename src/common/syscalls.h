/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * System calls that not every C library offers; those that lslExecutor does not
 * make are in syscalls_more.h. Each function makes the call itself and returns
 * what the kernel does: -1 and errno on failure. ENOSYS: the kernel is older
 * than the call.
 *
 * Structures and constants have names of lsl's own, because the system's
 * headers are not reliable: some lack a name or a structure's member, and
 * <linux/mount.h> cannot be included together with <sys/mount.h> of glibc 2.31.
 * The kernel never changes the meaning of a value. Numbers of calls,
 * LSL_NR_..., are in config.h: configure finds them in the headers.
 */
#ifndef LSL_SYSCALLS_H
#define LSL_SYSCALLS_H

#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* <linux/openat2.h> */
struct lsl_open_how {
	uint64_t flags;
	uint64_t mode;
	uint64_t resolve;
};

#define LSL_RESOLVE_NO_XDEV 0x01
#define LSL_RESOLVE_NO_MAGICLINKS 0x02
#define LSL_RESOLVE_IN_ROOT 0x10

/* include/linux/proc_ns.h; in <linux/nsfs.h> since Linux 6.18 */
#define LSL_INITIAL_USERNS_INO 0xEFFFFFFDU

/* <linux/magic.h>, <linux/nsfs.h> */
#define LSL_NSFS_MAGIC 0x6e736673
#define LSL_PROC_SUPER_MAGIC 0x9fa0
#define LSL_NS_GET_USERNS 0xb701
#define LSL_NS_GET_NSTYPE 0xb703

/*
 * <linux/nsfs.h>: what open_by_handle_at(2) takes for a namespace, since Linux
 * 6.18
 */
struct lsl_nsfs_handle {
	uint32_t size; /* of the bytes after the type */
	int32_t type;
	uint64_t id;
	uint32_t ns_type; /* CLONE_NEWNS */
	uint32_t ino;
};

#define LSL_FILEID_NSFS 0xf1
#define LSL_FD_NSFS_ROOT (-10003)

static inline int sys_openat2(int dir, const char *path, const struct lsl_open_how *how)
{
	return (int)syscall(LSL_NR_openat2, dir, path, how, sizeof(*how));
}

/* A namespace: MOUNT is LSL_FD_NSFS_ROOT. EBADF: the kernel is older. */
static inline int sys_open_by_handle_at(int mount, const struct lsl_nsfs_handle *handle, int flags)
{
	return (int)syscall(SYS_open_by_handle_at, mount, handle, flags);
}

#endif
