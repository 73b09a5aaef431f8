# SPDX-License-Identifier: GPL-3.0-or-later
#
# LSL_SYSTEM
# ----------
# The list of what lsl uses besides C11 and POSIX, each asked for (lsl_ask.m4).
AC_DEFUN([LSL_SYSTEM], [
LSL_ASK_INIT

# System calls: syscalls.h and syscalls_more.h make all of them by number.
LSL_CALL_NUMBER([pivot_root])
LSL_CALL_NUMBER([statx])
LSL_CALL_NUMBER([pidfd_send_signal], [424])
LSL_CALL_NUMBER([open_tree], [428])
LSL_CALL_NUMBER([move_mount], [429])
LSL_CALL_NUMBER([pidfd_open], [434])
LSL_CALL_NUMBER([close_range], [436])
LSL_CALL_NUMBER([openat2], [437])
LSL_CALL_NUMBER([mount_setattr], [442])
LSL_CALL_NUMBER([landlock_create_ruleset], [444])
LSL_CALL_NUMBER([landlock_add_rule], [445])
LSL_CALL_NUMBER([landlock_restrict_self], [446])

# They have their own declarations of these, for headers that lack them.
# tests/unit/test-syscalls compares the two where the headers do not.
LSL_ASK_FOR([STRUCT_STATX_STX_MNT_ID], [sys/stat.h], [sizeof(((struct statx *)0)->stx_mnt_id)])
LSL_ASK_FOR([STATX_MNT_ID], [sys/stat.h])
LSL_ASK_FOR([AT_STATX_DONT_SYNC], [fcntl.h sys/stat.h])
LSL_ASK_FOR([AT_RECURSIVE], [fcntl.h])
LSL_ASK_FOR([STRUCT_OPEN_HOW], [linux/openat2.h], [sizeof(struct open_how)])
LSL_ASK_FOR([RESOLVE_NO_XDEV], [linux/openat2.h])
LSL_ASK_FOR([RESOLVE_NO_MAGICLINKS], [linux/openat2.h])
LSL_ASK_FOR([RESOLVE_IN_ROOT], [linux/openat2.h])
LSL_ASK_FOR([OPEN_TREE_CLONE], [fcntl.h linux/mount.h])
LSL_ASK_FOR([MOVE_MOUNT_F_EMPTY_PATH], [linux/mount.h])
LSL_ASK_FOR([MOVE_MOUNT_T_EMPTY_PATH], [linux/mount.h])
LSL_ASK_FOR([STRUCT_MOUNT_ATTR], [linux/mount.h], [sizeof(struct mount_attr)])
LSL_ASK_FOR([MOUNT_ATTR_RDONLY], [linux/mount.h])
LSL_ASK_FOR([MOUNT_ATTR_NOSUID], [linux/mount.h])
LSL_ASK_FOR([LANDLOCK_ACCESS_FS_REFER], [linux/landlock.h])
LSL_ASK_FOR([LANDLOCK_ACCESS_FS_TRUNCATE], [linux/landlock.h])
LSL_ASK_FOR([NSFS_MAGIC], [linux/magic.h])
LSL_ASK_FOR([FUSE_SUPER_MAGIC], [linux/magic.h])
LSL_ASK_FOR([NS_GET_USERNS], [sys/ioctl.h linux/nsfs.h])
LSL_ASK_FOR([NS_GET_NSTYPE], [sys/ioctl.h linux/nsfs.h])
LSL_ASK_FOR([NS_GET_ID], [stdint.h sys/ioctl.h linux/nsfs.h])
LSL_ASK_FOR([SYS_SECCOMP], [signal.h])

# Only glibc has these.
LSL_ASK_FOR([MALLOPT], [malloc.h], [mallopt(M_ARENA_MAX, 1) + M_MMAP_THRESHOLD + M_TRIM_THRESHOLD])

# These are required.
LSL_NEEDS([$CC], [dirent.h], [DT_LNK DT_REG DT_UNKNOWN])
LSL_NEEDS([$CC], [elf.h sys/auxv.h], [getauxval AT_EXECFN AT_SECURE])
LSL_NEEDS([$CC], [err.h], [errx warnx])
LSL_NEEDS([$CC], [fcntl.h], [O_PATH AT_EMPTY_PATH])
LSL_NEEDS([$CC], [getopt.h], [getopt_long])
LSL_NEEDS([$CC], [grp.h], [setgroups])
LSL_NEEDS([$CC], [pwd.h stdio.h], [fgetpwent])
LSL_NEEDS([$CC], [sched.h], [setns unshare sched_setaffinity CLONE_NEWNS CLONE_NEWUSER CLONE_FILES])
LSL_NEEDS([$CC], [stdio.h], [asprintf vasprintf])
LSL_NEEDS([$CC], [stdlib.h], [reallocarray])
LSL_NEEDS([$CC], [string.h], [strsep])
LSL_NEEDS([$CC], [sys/eventfd.h], [eventfd EFD_CLOEXEC EFD_NONBLOCK])
LSL_NEEDS([$CC], [sys/file.h], [flock])
LSL_NEEDS([$CC], [sys/fsuid.h], [setfsuid setfsgid])
LSL_NEEDS([$CC], [sys/inotify.h], [inotify_init1 IN_ONLYDIR IN_UNMOUNT])
LSL_NEEDS([$CC], [sys/mount.h], [mount umount2 MS_BIND MS_REC MS_SHARED MS_SLAVE UMOUNT_NOFOLLOW MNT_DETACH])
LSL_NEEDS([$CC], [sys/prctl.h], [prctl PR_CAP_AMBIENT PR_CAP_AMBIENT_CLEAR_ALL PR_SET_NO_NEW_PRIVS])
LSL_NEEDS([$CC], [sys/signalfd.h], [signalfd SFD_CLOEXEC])
LSL_NEEDS([$CC], [sys/statvfs.h], [ST_NOSUID ST_NOEXEC])
LSL_NEEDS([$CC], [sys/vfs.h], [fstatfs])
LSL_NEEDS([$CC], [sys/xattr.h], [getxattr])
LSL_NEEDS([$CC], [syslog.h stdarg.h], [vsyslog])
LSL_NEEDS([$CC], [unistd.h fcntl.h], [dup3 getresuid gettid pipe2 setresuid syscall])

LSL_NEEDS([$EXECUTOR_CC], [elf.h sys/auxv.h], [getauxval AT_EXECFN AT_SECURE])
LSL_NEEDS([$EXECUTOR_CC], [fcntl.h], [O_PATH AT_EMPTY_PATH])
LSL_NEEDS([$EXECUTOR_CC], [sched.h], [setns unshare CLONE_NEWNS])
LSL_NEEDS([$EXECUTOR_CC], [sys/fsuid.h], [setfsuid setfsgid])
LSL_NEEDS([$EXECUTOR_CC], [sys/prctl.h], [prctl PR_SET_DUMPABLE PR_SET_KEEPCAPS])
LSL_NEEDS([$EXECUTOR_CC], [sys/statvfs.h], [ST_NOSUID ST_NOEXEC])
LSL_NEEDS([$EXECUTOR_CC], [sys/xattr.h], [getxattr])
LSL_NEEDS([$EXECUTOR_CC], [unistd.h], [getresgid getresuid syscall])
])
