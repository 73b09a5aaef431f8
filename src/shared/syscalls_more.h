/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lslExecutor does not use, in the manner of syscalls.h. */
#ifndef LSL_SYSCALLS_MORE_H
#define LSL_SYSCALLS_MORE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

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

/* <linux/magic.h> */
#define LSL_RAMFS_MAGIC 0x858458f6
#define LSL_TMPFS_MAGIC 0x01021994
#define LSL_FUSE_SUPER_MAGIC 0x65735546

/* <linux/nsfs.h> */
#define LSL_NS_GET_ID 0x8008b70d /* since Linux 6.18; ENOTTY before */

/*
 * <linux/landlock.h>: the kernel takes a struct landlock_ruleset_attr that ends
 * after its first member, which is a set of these.
 */
#define LSL_LANDLOCK_WRITE_FILE 0x0002
/* every right to make or remove names, and REFER, of version 2 */
#define LSL_LANDLOCK_CHANGE_NAMES 0x3ff0
#define LSL_LANDLOCK_TRUNCATE 0x4000 /* version 3 */

#define LSL_LANDLOCK_VERSION 1
#define LSL_LANDLOCK_PATH_BENEATH 1

struct lsl_landlock_path_beneath {
	uint64_t allowed;
	int32_t parent_fd;
} __attribute__((packed));

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

/* An fd of a new ruleset. With *RIGHTS and without FLAGS, or the reverse. */
static inline int sys_landlock_create_ruleset(const uint64_t *rights, unsigned int flags)
{
	return (int)syscall(LSL_NR_landlock_create_ruleset, rights, rights ? sizeof(*rights) : 0,
			    flags);
}

static inline int sys_landlock_add_rule(int ruleset, const struct lsl_landlock_path_beneath *rule)
{
	return (int)syscall(LSL_NR_landlock_add_rule, ruleset, LSL_LANDLOCK_PATH_BENEATH, rule, 0U);
}

static inline int sys_landlock_restrict_self(int ruleset)
{
	return (int)syscall(LSL_NR_landlock_restrict_self, ruleset, 0U);
}

#endif
