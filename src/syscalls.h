/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * System calls that the C libraries in use (glibc 2.36, musl 1.2) do not
 * offer, all of them, with the kernel's constants. Each returns what the
 * kernel does: -1 and errno on failure.
 */
#ifndef LSL_SYSCALLS_H
#define LSL_SYSCALLS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* asm-generic/unistd.h: the same number on every architecture from here on. */
#ifndef SYS_open_tree
#define SYS_open_tree 428
#endif
#ifndef SYS_move_mount
#define SYS_move_mount 429
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif

/* linux/openat2.h */
struct lsl_open_how {
	uint64_t flags;
	uint64_t mode;
	uint64_t resolve;
};

#define LSL_RESOLVE_NO_XDEV 0x01
#define LSL_RESOLVE_NO_MAGICLINKS 0x02
#define LSL_RESOLVE_IN_ROOT 0x10

/* linux/mount.h */
struct lsl_mount_attr {
	uint64_t attr_set;
	uint64_t attr_clr;
	uint64_t propagation; /* MS_SHARED, MS_SLAVE, MS_PRIVATE, or 0: as it is */
	uint64_t userns_fd;
};

#define LSL_MOUNT_ATTR_RDONLY 0x00000001
#define LSL_MOUNT_ATTR_NOSUID 0x00000002
#define LSL_OPEN_TREE_CLONE 1
#define LSL_MOVE_MOUNT_F_EMPTY_PATH 0x00000004
#define LSL_MOVE_MOUNT_T_EMPTY_PATH 0x00000040
#define LSL_AT_RECURSIVE 0x8000

/* include/linux/proc_ns.h; in linux/nsfs.h since Linux 6.18 */
#define LSL_INITIAL_USERNS_INO 0xEFFFFFFDU

/* linux/magic.h, linux/nsfs.h */
#define LSL_NSFS_MAGIC 0x6e736673
#define LSL_NS_GET_USERNS 0xb701
#define LSL_NS_GET_NSTYPE 0xb703
#define LSL_NS_GET_ID 0x8008b70d /* since Linux 6.18; ENOTTY before */

/* linux/stat.h: of statx(2), which musl has since 1.2.5, what is used. */
#ifndef STATX_MNT_ID
#define STATX_MNT_ID 0x00001000U
#define AT_STATX_DONT_SYNC 0x4000

struct statx {
	uint32_t stx_mask;
	uint32_t others[35];
	uint64_t stx_mnt_id;
	uint64_t more[13];
};

static inline int statx(int dir, const char *path, int flags, unsigned int mask, struct statx *st)
{
	return (int)syscall(SYS_statx, dir, path, flags, mask, st);
}
#endif

/* getdents64(2) */
struct lsl_dirent {
	uint64_t ino;
	int64_t offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

static inline long sys_getdents64(int dir, void *entries, size_t size)
{
	return syscall(SYS_getdents64, dir, entries, size);
}

static inline int sys_openat2(int dir, const char *path, const struct lsl_open_how *how)
{
	return (int)syscall(SYS_openat2, dir, path, how, sizeof(*how));
}

static inline int sys_open_tree(int dir, const char *path, unsigned int flags)
{
	return (int)syscall(SYS_open_tree, dir, path, flags);
}

static inline int sys_move_mount(int from_dir, const char *from, int to_dir, const char *to,
				 unsigned int flags)
{
	return (int)syscall(SYS_move_mount, from_dir, from, to_dir, to, flags);
}

/* FLAGS: AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW, LSL_AT_RECURSIVE. Since Linux 5.12. */
static inline int sys_mount_setattr(int dir, const char *path, unsigned int flags,
				    const struct lsl_mount_attr *attr)
{
	return (int)syscall(SYS_mount_setattr, dir, path, flags, attr, sizeof(*attr));
}

static inline int sys_pivot_root(const char *new_root, const char *put_old)
{
	return (int)syscall(SYS_pivot_root, new_root, put_old);
}

static inline int sys_pidfd_open(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

static inline int sys_pidfd_send_signal(int pidfd, int sig)
{
	return (int)syscall(SYS_pidfd_send_signal, pidfd, sig, NULL, 0);
}

#endif
