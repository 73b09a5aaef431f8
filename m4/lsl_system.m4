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
LSL_ASK_FOR([LANDLOCK], [linux/landlock.h],
	[sizeof(struct landlock_path_beneath_attr) + sizeof(((struct landlock_ruleset_attr *)0)->handled_access_fs) +
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
	LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
	LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
	LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER |
	LANDLOCK_CREATE_RULESET_VERSION | LANDLOCK_RULE_PATH_BENEATH)])
LSL_ASK_FOR([LANDLOCK_ACCESS_FS_TRUNCATE], [linux/landlock.h])
LSL_ASK_FOR([NSFS_MAGIC], [linux/magic.h])
LSL_ASK_FOR([FUSE_SUPER_MAGIC], [linux/magic.h])
LSL_ASK_FOR([NS_GET_USERNS], [sys/ioctl.h linux/nsfs.h])
LSL_ASK_FOR([NS_GET_NSTYPE], [sys/ioctl.h linux/nsfs.h])
LSL_ASK_FOR([NS_GET_ID], [stdint.h sys/ioctl.h linux/nsfs.h])
LSL_ASK_FOR([SYS_SECCOMP], [signal.h])

# Only glibc has these.
LSL_ASK_FOR([MALLOPT], [malloc.h],
	[mallopt(M_ARENA_MAX, 1) + M_MMAP_THRESHOLD + M_TRIM_THRESHOLD + malloc_trim(0)])

# Only x86_64 has it.
LSL_ASK_FOR([REG_RAX], [ucontext.h], [*((ucontext_t *)0)->uc_mcontext.gregs + REG_RAX])

# These are required of both compilers: src/executor and src/common use them.
LSL_BOTH_NEED([elf.h], [ELFCLASS32 ELFCLASS64 ELFDATA2LSB ELFDATA2MSB ELFMAG SELFMAG EI_CLASS EI_DATA ET_DYN
	ET_EXEC PT_INTERP PT_NULL])
LSL_BOTH_NEED([elf.h], [EM_386 EM_68K EM_AARCH64 EM_ALPHA EM_ARM EM_MIPS EM_PARISC EM_PPC EM_PPC64 EM_S390
	EM_SH EM_SPARC EM_SPARC32PLUS EM_SPARCV9 EM_X86_64])
LSL_BOTH_NEED([elf.h sys/auxv.h], [getauxval AT_NULL AT_UID AT_EUID AT_GID AT_EGID AT_EXECFN AT_SECURE])
LSL_BOTH_NEED([fcntl.h], [O_PATH AT_EMPTY_PATH])
LSL_BOTH_NEED([link.h], [sizeof(ElfW(auxv_t))])
LSL_BOTH_NEED([sched.h], [setns unshare CLONE_FS CLONE_NEWNS])
LSL_BOTH_NEED([sys/fsuid.h], [setfsuid setfsgid])
LSL_BOTH_NEED([sys/mman.h], [MAP_ANONYMOUS])
LSL_BOTH_NEED([sys/personality.h], [personality PER_LINUX32])
LSL_BOTH_NEED([sys/prctl.h], [prctl PR_CAPBSET_READ PR_GET_NO_NEW_PRIVS PR_SET_DUMPABLE PR_SET_KEEPCAPS])
LSL_BOTH_NEED([sys/resource.h], [prlimit])
LSL_BOTH_NEED([sys/statfs.h], [fstatfs])
LSL_BOTH_NEED([sys/statvfs.h], [ST_NOSUID ST_NOEXEC])
LSL_BOTH_NEED([sys/syscall.h], [SYS_capget SYS_capset SYS_getcwd SYS_open_by_handle_at SYS_setresgid
	SYS_setresuid])
LSL_BOTH_NEED([sys/xattr.h], [getxattr])
LSL_BOTH_NEED([unistd.h], [getresgid getresuid syscall])

# These are required of $CC alone.
LSL_NEEDS([$CC], [asm/termbits.h sys/ioctl.h], [TCGETS TIOCGWINSZ TIOCNOTTY])
LSL_NEEDS([$CC], [dirent.h], [readdir(0)->d_type DT_LNK DT_REG DT_UNKNOWN])
LSL_NEEDS([$CC], [elf.h], [ELFMAG0 ELFMAG1 ELFMAG2 ELFMAG3 ELFOSABI_GNU ELFOSABI_SYSV EI_ABIVERSION
	EI_NIDENT EI_OSABI])
LSL_NEEDS([$CC], [fcntl.h], [AT_NO_AUTOMOUNT F_OFD_SETLK F_SETPIPE_SZ O_DIRECT O_TMPFILE])
LSL_NEEDS([$CC], [fnmatch.h], [FNM_CASEFOLD])
LSL_NEEDS([$CC], [getopt.h], [getopt_long])
LSL_NEEDS([$CC], [grp.h], [getgrouplist setgroups])
LSL_NEEDS([$CC], [linux/fuse.h], [FUSE_CACHE_SYMLINKS FUSE_DO_READDIRPLUS FUSE_INIT FUSE_KERNEL_VERSION
	FUSE_MIN_READ_BUFFER FUSE_NOTIFY_INVAL_INODE FUSE_PARALLEL_DIROPS FUSE_ROOT_ID])
LSL_NEEDS([$CC], [linux/magic.h], [BINFMTFS_MAGIC])
LSL_NEEDS([$CC], [poll.h signal.h], [ppoll])
LSL_NEEDS([$CC], [pwd.h stdio.h], [fgetpwent])
LSL_NEEDS([$CC], [sched.h], [sched_getaffinity sched_setaffinity CPU_SETSIZE CPU_ISSET(0,(cpu_set_t*)0)
	({CPU_SET(0,(cpu_set_t*)0);0;}) ({CPU_ZERO((cpu_set_t*)0);0;}) CLONE_FILES CLONE_NEWCGROUP
	CLONE_NEWIPC CLONE_NEWNET CLONE_NEWPID CLONE_NEWUSER CLONE_NEWUTS CLONE_THREAD])
LSL_NEEDS([$CC], [search.h], [tdestroy])
LSL_NEEDS([$CC], [signal.h], [((siginfo_t*)0)->si_syscall])
LSL_NEEDS([$CC], [stdio.h], [asprintf vasprintf])
LSL_NEEDS([$CC], [stdlib.h], [reallocarray])
LSL_NEEDS([$CC], [string.h], [memmem memrchr strcasestr strsep strverscmp])
LSL_NEEDS([$CC], [sys/file.h], [flock])
LSL_NEEDS([$CC], [sys/inotify.h], [inotify_init1 IN_CLOEXEC IN_IGNORED IN_MASK_ADD IN_NONBLOCK IN_ONLYDIR
	IN_Q_OVERFLOW IN_UNMOUNT])
LSL_NEEDS([$CC], [sys/mman.h], [memfd_create MFD_CLOEXEC])
LSL_NEEDS([$CC], [sys/mount.h], [mount umount2 MNT_DETACH MNT_FORCE MS_BIND MS_NOATIME MS_NODEV
	MS_NODIRATIME MS_NOEXEC MS_NOSUID MS_PRIVATE MS_RDONLY MS_REC MS_RELATIME MS_REMOUNT MS_SHARED
	MS_SLAVE MS_STRICTATIME UMOUNT_NOFOLLOW])
LSL_NEEDS([$CC], [sys/prctl.h], [PR_CAPBSET_DROP PR_CAP_AMBIENT PR_CAP_AMBIENT_CLEAR_ALL
	PR_SET_CHILD_SUBREAPER PR_SET_NAME PR_SET_NO_NEW_PRIVS PR_SET_PDEATHSIG])
LSL_NEEDS([$CC], [sys/random.h], [getrandom])
LSL_NEEDS([$CC], [sys/resource.h], [RLIMIT_LOCKS RLIMIT_MEMLOCK RLIMIT_MSGQUEUE RLIMIT_NICE RLIMIT_NPROC
	RLIMIT_RSS RLIMIT_RTPRIO RLIMIT_RTTIME RLIMIT_SIGPENDING])
LSL_NEEDS([$CC], [sys/signalfd.h], [signalfd SFD_CLOEXEC SFD_NONBLOCK])
LSL_NEEDS([$CC], [sys/socket.h], [MSG_CMSG_CLOEXEC MSG_DONTWAIT SOCK_CLOEXEC SOCK_NONBLOCK])
LSL_NEEDS([$CC], [sys/syscall.h], [SYS_ioprio_set SYS_sched_setaffinity SYS_sched_setscheduler SYS_tgkill])
LSL_NEEDS([$CC], [sys/sysmacros.h], [makedev(0,0)])
LSL_NEEDS([$CC], [time.h], [CLOCK_BOOTTIME])
LSL_NEEDS([$CC], [unistd.h fcntl.h], [dup3 execvpe pipe2 setresgid setresuid syncfs usleep])
])
