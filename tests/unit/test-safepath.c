/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "safepath.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "child.h"
#include "tree.h"
#include "unit.h"

TEST(test_safepath_is_root_only__roots_and_writable_by_nobody_else)
{
	static const mode_t types[] = {S_IFREG, S_IFDIR, S_IFLNK, S_IFSOCK};

	for (size_t t = 0; t < sizeof(types) / sizeof(types[0]); t++)
		for (mode_t mode = 0; mode <= 07777; mode++) {
			struct stat st = {.st_mode = types[t] | mode};

			CHECK_INT(safepath_is_root_only(&st), (mode & 022) == 0);
			st.st_gid = 1;
			CHECK_INT(safepath_is_root_only(&st), (mode & 022) == 0);
			st.st_uid = 1;
			CHECK(!safepath_is_root_only(&st));
			st.st_uid = (uid_t)-1;
			CHECK(!safepath_is_root_only(&st));
		}
}

/* 0 or the errno of PATH, with all file descriptors closed again. */
static int status_of(const char *path)
{
	int fds = child_open_fds();
	int fd = safepath_open_dir(path);

	CHECK_INT(child_open_fds(), fds + (fd >= 0));
	if (fd < 0)
		return fd;
	CHECK_INT(fcntl(fd, F_GETFD), FD_CLOEXEC);
	close(fd);
	return 0;
}

/*
 * The directory of most tests: below /tmp, but in a root directory in which
 * root owns everything. "Root" is the user who runs the tests; then there is no
 * other user.
 */
static struct tree tree;
static struct child_root root;

/* 0 or the errno of PATH in it. */
static int status_in_tree(const char *path)
{
	char *name = tree_path(&tree, path);
	int status = status_of(name);

	free(name);
	return status;
}

static void enter_tree(void)
{
	child_own_mounts();
	child_enter_root(&root);
	tree_require(mkdir("/tmp", 0700) == 0 && chmod("/tmp", 01777) == 0, "/tmp");
	tree_require(mkdir("/tmp/lsl", 0700) == 0 && chmod("/tmp/lsl", 0755) == 0, "/tmp/lsl");
	tree.path = strdup("/tmp/lsl");
	tree.fd = open("/tmp/lsl", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	tree_require(tree.path && tree.fd >= 0, "/tmp/lsl");
}

static void leave_tree(void)
{
	close(tree.fd);
	free(tree.path);
	child_leave_root(&root);
}

static void give_away(const char *path)
{
	tree_require(chown(path, CHILD_NOBODY, CHILD_NOBODY) == 0, path);
}

/*
 * Runs RUN in the child that enter_tree is for; as real root if it needs other
 * users.
 */
static void run_in_tree(void (*run)(void), bool needs_users)
{
	if (needs_users && !child_has_nobody())
		SKIP("needs root, and another user");
	else
		child_run(run, "no mount namespace can be had");
}

static void opens_roots_directories(void)
{
	struct stat st, expected;
	int fd;

	enter_tree();
	tree_dir(&tree, "a", 0755);
	tree_dir(&tree, "a/b", 0700);
	fd = safepath_open_dir("/tmp/lsl/a/b");
	if (CHECK(fd >= 0)) {
		CHECK(fstat(fd, &st) == 0 && fstatat(tree.fd, "a/b", &expected, 0) == 0);
		CHECK(st.st_dev == expected.st_dev && st.st_ino == expected.st_ino);
		CHECK(fcntl(fd, F_GETFL) & O_PATH);
		close(fd);
	}
	leave_tree();
}

TEST(test_safepath_open_dir__opens_roots_directories)
{
	run_in_tree(opens_roots_directories, false);
}

static void path_may_be_written_in_any_way(void)
{
	char deep[3 * 4096 + 100] = "/tmp/lsl/";

	enter_tree();
	tree_dir(&tree, "a", 0755);
	tree_dir(&tree, "a/b", 0755);
	CHECK_INT(status_in_tree("a/b/"), 0);
	CHECK_INT(status_in_tree("a/b//"), 0);
	CHECK_INT(status_in_tree("/a///b"), 0);
	CHECK_INT(status_in_tree("./a/./b/."), 0);
	CHECK_INT(status_in_tree("a/b/../../a"), 0);
	CHECK_INT(status_of("//tmp/lsl"), 0);
	CHECK_INT(status_of("/"), 0);
	for (int i = 0; i < 4096; i++)
		strcat(deep, "a/.");
	CHECK_INT(status_of(deep), -ENOENT); /* a.a */
	for (char *s = deep + 9; *s; s++)
		*s = *s == 'a' ? '.' : '/';
	CHECK_INT(status_of(deep), 0);
	leave_tree();
}

TEST(test_safepath_open_dir__takes_a_path_written_in_any_way)
{
	run_in_tree(path_may_be_written_in_any_way, false);
}

static void refuses_what_others_can_write(void)
{
	static const mode_t bad[] = {0775, 0757, 0777, 0722, 01777, 01775, 02775, 0720, 0702};

	enter_tree();
	tree_dir(&tree, "a", 0755);
	tree_dir(&tree, "a/b", 0755);
	tree_dir(&tree, "a/b/c", 0755);
	CHECK_INT(status_in_tree("a/b/c"), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		bool is_sticky = bad[i] & S_ISVTX;

		tree_require(fchmodat(tree.fd, "a/b", bad[i], 0) == 0, "chmod");
		CHECK_INT(status_in_tree("a"), 0);
		CHECK_INT(status_in_tree("a/b"), -EPERM);
		CHECK_INT(status_in_tree("a/b/."), -EPERM);
		/* Like /tmp: only its owner, root, could rename c. */
		CHECK_INT(status_in_tree("a/b/c"), is_sticky ? 0 : -EPERM);
		CHECK_INT(status_in_tree("a/b/c/.."), -EPERM);
	}
	leave_tree();
}

TEST(test_safepath_open_dir__refuses_what_others_can_write)
{
	run_in_tree(refuses_what_others_can_write, false);
}

static void refuses_what_is_another_users(void)
{
	static const mode_t modes[] = {0755, 0700, 01755, 01777, 0};

	enter_tree();
	tree_dir(&tree, "a", 0755);
	tree_dir(&tree, "a/b", 0755);
	tree_dir(&tree, "a/b/c", 0755);
	give_away("/tmp/lsl/a/b");
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		tree_require(fchmodat(tree.fd, "a/b", modes[i], 0) == 0, "chmod");
		CHECK_INT(status_in_tree("a/b"), -EPERM);
		CHECK_INT(status_in_tree("a/b/c"), -EPERM);
	}
	leave_tree();
}

TEST(test_safepath_open_dir__refuses_what_is_another_users)
{
	run_in_tree(refuses_what_is_another_users, true);
}

/* Another user's directory in /tmp, which that user could make first. */
static void refuses_what_was_made_first(void)
{
	enter_tree();
	tree_require(mkdir("/tmp/first", 0755) == 0 && mkdir("/tmp/first/run", 0755) == 0, "mkdir");
	CHECK_INT(status_of("/tmp/first/run"), 0);
	give_away("/tmp/first");
	CHECK_INT(status_of("/tmp/first"), -EPERM);
	CHECK_INT(status_of("/tmp/first/run"), -EPERM);
	CHECK_INT(status_of("/tmp"), -EPERM);
	leave_tree();
}

TEST(test_safepath_open_dir__refuses_what_a_user_made_first)
{
	run_in_tree(refuses_what_was_made_first, true);
}

static void follows_no_link(void)
{
	char far[3 * 200] = "";

	enter_tree();
	tree_dir(&tree, "a", 0755);
	tree_dir(&tree, "a/b", 0755);
	tree_link(&tree, "a", "link");
	tree_link(&tree, "/", "root");
	tree_link(&tree, "nowhere", "dangling");
	tree_link(&tree, "self", "self");
	tree_link(&tree, "..", "a/up");
	CHECK_INT(status_in_tree("link"), -ELOOP);
	CHECK_INT(status_in_tree("link/"), -ELOOP);
	CHECK_INT(status_in_tree("link/."), -ELOOP);
	CHECK_INT(status_in_tree("link/b"), -ELOOP);
	CHECK_INT(status_in_tree("root"), -ELOOP);
	CHECK_INT(status_in_tree("dangling"), -ELOOP);
	CHECK_INT(status_in_tree("self"), -ELOOP);
	CHECK_INT(status_in_tree("a/up/a"), -ELOOP);
	/* At any place in a long path. */
	for (int i = 0; i < 3; i++) {
		memset(far + strlen(far), 'f', 150);
		tree_dir(&tree, far, 0755);
		strcat(far, "/");
		CHECK_INT(status_in_tree(far), 0);
		strcat(far, "link");
		tree_link(&tree, ".", far);
		CHECK_INT(status_in_tree(far), -ELOOP);
		strcat(far, "/link");
		CHECK_INT(status_in_tree(far), -ELOOP);
		far[strlen(far) - strlen("link/link")] = '\0';
	}
	leave_tree();
}

TEST(test_safepath_open_dir__follows_no_link)
{
	run_in_tree(follows_no_link, false);
}

static void allow_no_more_files(void)
{
	struct rlimit limit;
	int fd = dup(STDIN_FILENO);

	tree_require(fd >= 0 && close(fd) == 0 && getrlimit(RLIMIT_NOFILE, &limit) == 0, "a limit");
	limit.rlim_cur = (rlim_t)fd;
	tree_require(setrlimit(RLIMIT_NOFILE, &limit) == 0, "a limit");
}

static void says_what_is_wrong(void)
{
	char name[3 * PATH_MAX];

	enter_tree();
	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	CHECK_INT(status_in_tree(name), -ENAMETOOLONG);
	name[NAME_MAX + 1] = '\0';
	CHECK_INT(status_in_tree(name), -ENAMETOOLONG);
	name[NAME_MAX] = '\0';
	tree_dir(&tree, name, 0755);
	CHECK_INT(status_in_tree(name), 0);
	tree_file(&tree, "file", 0644, "");
	CHECK_INT(status_in_tree("file"), -ENOTDIR);
	CHECK_INT(status_in_tree("file/"), -ENOTDIR);
	CHECK_INT(status_in_tree("file/a"), -ENOTDIR);
	tree_require(mkfifoat(tree.fd, "fifo", 0644) == 0, "mkfifo");
	CHECK_INT(status_in_tree("fifo"), -ENOTDIR);
	CHECK_INT(status_in_tree("nowhere"), -ENOENT);
	CHECK_INT(status_in_tree("nowhere/a"), -ENOENT);
	/* At an earlier directory, in a path that is too long for one call. */
	memset(name, 'n', NAME_MAX);
	allow_no_more_files();
	CHECK_INT(status_in_tree(name), -EMFILE);
	leave_tree();
}

TEST(test_safepath_open_dir__says_what_is_wrong)
{
	run_in_tree(says_what_is_wrong, false);
}

TEST(test_safepath_open_dir__wants_an_absolute_path)
{
	CHECK_INT(status_of(""), -EINVAL);
	CHECK_INT(status_of("."), -EINVAL);
	CHECK_INT(status_of("tmp"), -EINVAL);
	CHECK_INT(status_of("../tmp"), -EINVAL);
}

TEST(test_safepath_open_dir__refuses_a_users_own)
{
	tree_make(&tree);
	tree_dir(&tree, "a", 0700);
	/* Root owns its own files, so the whole tree is given to a user. */
	if (geteuid() == 0)
		CHECK_INT(chown(tree.path, 65534, 65534), 0);
	CHECK_INT(status_of(tree.path), -EPERM);
	CHECK_INT(status_in_tree("a"), -EPERM);
	tree_remove(&tree);
}
