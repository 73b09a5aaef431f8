/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * System calls that not every C library offers: glibc 2.31 lacks close_range,
 * musl 1.2.4 lacks statx. Each function here makes the call itself and returns
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

#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/types.h>
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

/* <linux/mount.h> */
struct lsl_mount_attr {
	uint64_t attr_set;
	uint64_t attr_clr;
	/* MS_SHARED, MS_SLAVE, MS_PRIVATE, or 0: as it is */
	uint64_t propagation;
	uint64_t userns_fd;
};

#define LSL_OPEN_TREE_CLONE 1
#define LSL_MOVE_MOUNT_F_EMPTY_PATH 0x00000004
#define LSL_MOVE_MOUNT_T_EMPTY_PATH 0x00000040
#define LSL_MOUNT_ATTR_RDONLY 0x00000001
#define LSL_MOUNT_ATTR_NOSUID 0x00000002

/* <linux/fcntl.h>: open_tree and mount_setattr include all mounts below. */
#define LSL_AT_RECURSIVE 0x8000

/* <linux/stat.h>: the members of struct statx that lsl uses. */
struct lsl_statx {
	uint32_t stx_mask;
	uint32_t others[35];
	uint64_t stx_mnt_id;
	uint64_t more[13];
};

#define LSL_STATX_MNT_ID 0x00001000U
#define LSL_AT_STATX_DONT_SYNC 0x4000

/* include/linux/proc_ns.h; in <linux/nsfs.h> since Linux 6.18 */
#define LSL_INITIAL_USERNS_INO 0xEFFFFFFDU

/* <linux/magic.h>, <linux/nsfs.h> */
#define LSL_NSFS_MAGIC 0x6e736673
#define LSL_PROC_SUPER_MAGIC 0x9fa0
#define LSL_RAMFS_MAGIC 0x858458f6
#define LSL_TMPFS_MAGIC 0x01021994
#define LSL_FUSE_SUPER_MAGIC 0x65735546
#define LSL_NS_GET_USERNS 0xb701
#define LSL_NS_GET_NSTYPE 0xb703
#define LSL_NS_GET_ID 0x8008b70d /* since Linux 6.18; ENOTTY before */

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

/*
 * The kernel may not know all of MASK: ST->stx_mask has the members that are
 * set.
 */
static inline int sys_statx(int dir, const char *path, int flags, unsigned int mask,
			    struct lsl_statx *st)
{
	return (int)syscall(LSL_NR_statx, dir, path, flags, mask, st);
}

static inline int sys_open_tree(int dir, const char *path, unsigned int flags)
{
	return (int)syscall(LSL_NR_open_tree, dir, path, flags);
}

static inline int sys_move_mount(int from_dir, const char *from, int to_dir, const char *to,
				 unsigned int flags)
{
	return (int)syscall(LSL_NR_move_mount, from_dir, from, to_dir, to, flags);
}

/*
 * FLAGS: AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW, LSL_AT_RECURSIVE. Since Linux
 * 5.12.
 */
static inline int sys_mount_setattr(int dir, const char *path, unsigned int flags,
				    const struct lsl_mount_attr *attr)
{
	return (int)syscall(LSL_NR_mount_setattr, dir, path, flags, attr, sizeof(*attr));
}

static inline int sys_pivot_root(const char *new_root, const char *put_old)
{
	return (int)syscall(LSL_NR_pivot_root, new_root, put_old);
}

/* A namespace: MOUNT is LSL_FD_NSFS_ROOT. EBADF: the kernel is older. */
static inline int sys_open_by_handle_at(int mount, const struct lsl_nsfs_handle *handle, int flags)
{
	return (int)syscall(SYS_open_by_handle_at, mount, handle, flags);
}

/* Closes the descriptors from FIRST to LAST, both included. */
static inline int sys_close_range(unsigned int first, unsigned int last)
{
	return (int)syscall(LSL_NR_close_range, first, last, 0U);
}

static inline int sys_pidfd_open(pid_t pid)
{
	return (int)syscall(LSL_NR_pidfd_open, pid, 0U);
}

static inline int sys_pidfd_send_signal(int pidfd, int sig)
{
	return (int)syscall(LSL_NR_pidfd_send_signal, pidfd, sig, NULL, 0U);
}

#endif
