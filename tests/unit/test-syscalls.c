/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * <linux/mount.h> does not go together with <sys/mount.h> everywhere, nor
 * <linux/fcntl.h> with <fcntl.h>: configure has asked for them as they are
 * included here.
 */
#include "config.h"
#include "syscalls.h"
#include "syscalls_more.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#if HAVE_STRUCT_OPEN_HOW || HAVE_RESOLVE_NO_XDEV || HAVE_RESOLVE_NO_MAGICLINKS || \
	HAVE_RESOLVE_IN_ROOT
#include <linux/openat2.h>
#endif
#if HAVE_STRUCT_MOUNT_ATTR || HAVE_MOUNT_ATTR_RDONLY || HAVE_MOUNT_ATTR_NOSUID || \
	HAVE_OPEN_TREE_CLONE || HAVE_MOVE_MOUNT_F_EMPTY_PATH || HAVE_MOVE_MOUNT_T_EMPTY_PATH
#include <linux/mount.h>
#endif
#if HAVE_LANDLOCK || HAVE_LANDLOCK_ACCESS_FS_TRUNCATE
#include <linux/landlock.h>
#endif

#include "unit.h"

/* The kernel's number of NAME, and lsl's. */
#define SAME(name) CHECK_INT(LSL_##name, name)
/* TYPE's and OURS' size, and where both have MEMBER. */
#define SAME_SIZE(type, ours) CHECK_INT(sizeof(ours), sizeof(type))
#define SAME_PLACE(type, ours, member) CHECK_INT(offsetof(ours, member), offsetof(type, member))

TEST(test_syscalls__openat2_is_declared_as_by_the_kernel)
{
#if HAVE_STRUCT_OPEN_HOW
	SAME_SIZE(struct open_how, struct lsl_open_how);
	SAME_PLACE(struct open_how, struct lsl_open_how, flags);
	SAME_PLACE(struct open_how, struct lsl_open_how, mode);
	SAME_PLACE(struct open_how, struct lsl_open_how, resolve);
#else
	SKIP("the kernel headers lack struct open_how");
#endif
#if HAVE_RESOLVE_NO_XDEV
	SAME(RESOLVE_NO_XDEV);
#endif
#if HAVE_RESOLVE_NO_MAGICLINKS
	SAME(RESOLVE_NO_MAGICLINKS);
#endif
#if HAVE_RESOLVE_IN_ROOT
	SAME(RESOLVE_IN_ROOT);
#endif
}

TEST(test_syscalls__statx_is_declared_as_by_the_kernel)
{
#if HAVE_STRUCT_STATX_STX_MNT_ID
	SAME_SIZE(struct statx, struct lsl_statx);
	SAME_PLACE(struct statx, struct lsl_statx, stx_mask);
	SAME_PLACE(struct statx, struct lsl_statx, stx_mnt_id);
#else
	SKIP("the C library's struct statx has no stx_mnt_id");
#endif
#if HAVE_STATX_MNT_ID
	SAME(STATX_MNT_ID);
#endif
#if HAVE_AT_STATX_DONT_SYNC
	SAME(AT_STATX_DONT_SYNC);
#endif
}

TEST(test_syscalls__mounts_are_declared_as_by_the_kernel)
{
#if HAVE_STRUCT_MOUNT_ATTR
	SAME_SIZE(struct mount_attr, struct lsl_mount_attr);
	SAME_PLACE(struct mount_attr, struct lsl_mount_attr, attr_set);
	SAME_PLACE(struct mount_attr, struct lsl_mount_attr, attr_clr);
	SAME_PLACE(struct mount_attr, struct lsl_mount_attr, propagation);
	SAME_PLACE(struct mount_attr, struct lsl_mount_attr, userns_fd);
#else
	SKIP("the kernel headers lack struct mount_attr");
#endif
#if HAVE_MOUNT_ATTR_RDONLY
	SAME(MOUNT_ATTR_RDONLY);
#endif
#if HAVE_MOUNT_ATTR_NOSUID
	SAME(MOUNT_ATTR_NOSUID);
#endif
#if HAVE_OPEN_TREE_CLONE
	SAME(OPEN_TREE_CLONE);
#endif
#if HAVE_MOVE_MOUNT_F_EMPTY_PATH
	SAME(MOVE_MOUNT_F_EMPTY_PATH);
#endif
#if HAVE_MOVE_MOUNT_T_EMPTY_PATH
	SAME(MOVE_MOUNT_T_EMPTY_PATH);
#endif
#if HAVE_AT_RECURSIVE
	SAME(AT_RECURSIVE);
#endif
}

TEST(test_syscalls__namespaces_are_declared_as_by_the_kernel)
{
#if HAVE_NSFS_MAGIC
	SAME(NSFS_MAGIC);
#else
	SKIP("the kernel headers lack NSFS_MAGIC");
#endif
#if HAVE_FUSE_SUPER_MAGIC
	SAME(FUSE_SUPER_MAGIC);
#endif
#if HAVE_NS_GET_USERNS
	SAME(NS_GET_USERNS);
#endif
#if HAVE_NS_GET_NSTYPE
	SAME(NS_GET_NSTYPE);
#endif
#if HAVE_NS_GET_ID
	SAME(NS_GET_ID);
#endif
}

TEST(test_syscalls__landlock_is_declared_as_by_the_kernel)
{
#if HAVE_LANDLOCK
	SAME_SIZE(struct landlock_path_beneath_attr, struct lsl_landlock_path_beneath);
	CHECK_INT(offsetof(struct lsl_landlock_path_beneath, parent_fd),
		  offsetof(struct landlock_path_beneath_attr, parent_fd));
	CHECK_INT(offsetof(struct landlock_ruleset_attr, handled_access_fs), 0);
	CHECK_INT(LSL_LANDLOCK_WRITE_FILE, LANDLOCK_ACCESS_FS_WRITE_FILE);
	CHECK_INT(LSL_LANDLOCK_CHANGE_NAMES,
		  LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
			  LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
			  LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
			  LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
			  LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER);
	CHECK_INT(LSL_LANDLOCK_VERSION, LANDLOCK_CREATE_RULESET_VERSION);
	CHECK_INT(LSL_LANDLOCK_PATH_BENEATH, LANDLOCK_RULE_PATH_BENEATH);
#else
	SKIP("the kernel headers lack version 2 of Landlock");
#endif
#if HAVE_LANDLOCK_ACCESS_FS_TRUNCATE
	CHECK_INT(LSL_LANDLOCK_TRUNCATE, LANDLOCK_ACCESS_FS_TRUNCATE);
#endif
}

/* The id of FD's mount, as /proc says it. */
static long long proc_mount_id(int fd)
{
	char line[64];
	long long id = -1;
	FILE *file;

	snprintf(line, sizeof(line), "/proc/self/fdinfo/%d", fd);
	file = fopen(line, "re");
	while (file && id < 0 && fgets(line, sizeof(line), file))
		if (sscanf(line, "mnt_id: %lld", &id) != 1)
			id = -1;
	if (file)
		fclose(file);
	return id;
}

TEST(test_sys_statx__tells_mounts_apart)
{
	int root = open("/", O_PATH | O_CLOEXEC), proc = open("/proc", O_PATH | O_CLOEXEC);
	struct lsl_statx of_root = {.stx_mnt_id = 0}, of_proc = {.stx_mnt_id = 0};

	if (proc_mount_id(proc) < 0) {
		SKIP("there is no /proc");
		return;
	}
	CHECK_INT(sys_statx(root, "", AT_EMPTY_PATH, LSL_STATX_MNT_ID, &of_root), 0);
	CHECK_INT(sys_statx(proc, "", AT_EMPTY_PATH, LSL_STATX_MNT_ID, &of_proc), 0);
	CHECK(of_root.stx_mask & LSL_STATX_MNT_ID);
	CHECK_INT((long long)of_root.stx_mnt_id, proc_mount_id(root));
	CHECK_INT((long long)of_proc.stx_mnt_id, proc_mount_id(proc));
	CHECK(of_root.stx_mnt_id != of_proc.stx_mnt_id);
	close(root);
	close(proc);
}

TEST(test_sys_close_range__closes_what_it_is_given)
{
	int i, first = open("/", O_PATH | O_CLOEXEC);

	for (i = 1; i < 4; i++)
		CHECK_INT(dup2(first, first + i), first + i);
	CHECK_INT(sys_close_range((unsigned int)first + 1, (unsigned int)first + 2), 0);
	CHECK(fcntl(first, F_GETFD) >= 0);
	CHECK(fcntl(first + 1, F_GETFD) < 0 && errno == EBADF);
	CHECK(fcntl(first + 2, F_GETFD) < 0 && errno == EBADF);
	CHECK(fcntl(first + 3, F_GETFD) >= 0);
	close(first);
	close(first + 3);
}

/*
 * Valgrind answers ENOSYS to calls that it does not know. It hides behind the
 * link, not behind what that leads to.
 */
static bool is_valgrind(void)
{
	struct stat named, running;
	char own[4096];
	ssize_t len = readlink("/proc/self/exe", own, sizeof(own) - 1);

	own[len > 0 ? len : 0] = '\0';
	return stat(own, &named) == 0 && stat("/proc/self/exe", &running) == 0 &&
	       named.st_ino != running.st_ino;
}

TEST(test_sys_pidfd__a_process_is_signalled_and_waited_for)
{
	siginfo_t info = {.si_pid = 0};
	struct pollfd fd = {.events = POLLIN};
	pid_t pid;

	if (is_valgrind()) {
		SKIP("valgrind does not know pidfd_open");
		return;
	}
	pid = fork();
	if (pid == 0) {
		pause();
		_exit(1);
	}
	fd.fd = sys_pidfd_open(pid);
	if (!CHECK(fd.fd >= 0))
		return;
	CHECK_INT(sys_pidfd_send_signal(fd.fd, SIGTERM), 0);
	CHECK_INT(poll(&fd, 1, -1), 1);
	CHECK_INT(waitid(P_PID, (id_t)pid, &info, WEXITED), 0);
	CHECK_INT(info.si_pid, pid);
	CHECK_INT(info.si_status, SIGTERM);
	close(fd.fd);
}

/*
 * Of each the number: a wrong one would be another call, with another answer. A
 * container's own filter answers EPERM.
 */
TEST(test_sys_mounts__the_numbers_are_those_calls)
{
	const struct lsl_mount_attr unknown = {.attr_set = UINT64_MAX};
	const struct lsl_open_how how = {.flags = O_PATH, .resolve = LSL_RESOLVE_IN_ROOT};
	int fd;

	if (is_valgrind()) {
		SKIP("valgrind does not know move_mount and mount_setattr");
		return;
	}
	fd = sys_openat2(AT_FDCWD, "/", &how);
	CHECK(fd >= 0);
	CHECK(sys_open_tree(fd, "", ~0U) < 0 && (errno == EINVAL || errno == EPERM));
	CHECK(sys_move_mount(fd, "", fd, "", ~0U) < 0 && (errno == EINVAL || errno == EPERM));
	CHECK(sys_mount_setattr(fd, "", AT_EMPTY_PATH, &unknown) < 0 &&
	      (errno == EINVAL || errno == EPERM || errno == ENOSYS));
	close(fd);
}
