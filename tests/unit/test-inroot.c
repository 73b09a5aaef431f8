/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every check of inroot_open is repeated for inroot_walk, and for both with
 * openat2(2) refused. All must give the same result, and none may lead out.
 */
#include "config.h"
#include "inroot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "child.h"
#include "files/inroot_file.h"
#include "files/inroot_make.h"
#include "inroot_walk.h"
#include "syscalls.h"
#include "tree.h"
#include "unit.h"

/*
 * Paths are looked up in "root"; "outside" has the canary, with the same names
 * as inside.
 */
static struct tree tree;
static int root;

static void begin(void)
{
	tree_make(&tree);
	tree_dir(&tree, "outside", 0755);
	tree_file(&tree, "outside/canary", 0644, "alive");
	tree_dir(&tree, "outside/dir", 0755);
	tree_dir(&tree, "root", 0755);
	tree_dir(&tree, "root/dir", 0755);
	tree_dir(&tree, "root/dir/sub", 0755);
	tree_file(&tree, "root/file", 0644, "text");
	tree_file(&tree, "root/dir/file", 0755, "text");
	root = openat(tree.fd, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	tree_require(root >= 0, "root");
}

static void end(void)
{
	close(root);
	tree_remove(&tree);
}

typedef int opener(const char *path, int flags);

static int by_open(const char *path, int flags)
{
	return inroot_open(root, path, flags);
}

static int by_walk(const char *path, int flags)
{
	return inroot_walk(root, path, flags, false);
}

static opener *const openers[] = {by_open, by_walk};
static const char *const opener_names[] = {"inroot_open", "inroot_walk"};

/* Whether FD is the file NAME in the tree itself. */
static bool is_the(int fd, const char *name)
{
	struct stat a, b;

	return fstat(fd, &a) == 0 && fstatat(tree.fd, name, &b, AT_SYMLINK_NOFOLLOW) == 0 &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* That PATH opens the file NAME in the tree, in all ways and close-on-exec. */
static void check_opens(const char *path, int flags, const char *name)
{
	int fds = child_open_fds();

	for (size_t i = 0; i < 2; i++) {
		int fd = openers[i](path, flags);

		if (!CHECK(fd >= 0 && is_the(fd, name)))
			printf("%s of \"%s\": %s\n", opener_names[i], path,
			       fd < 0 ? strerror(-fd) : "is another file");
		if (fd < 0)
			continue;
		CHECK_INT(fcntl(fd, F_GETFD), FD_CLOEXEC);
		close(fd);
	}
	CHECK_INT(child_open_fds(), fds);
}

static void check_fails(const char *path, int flags, int err)
{
	int fds = child_open_fds();

	for (size_t i = 0; i < 2; i++) {
		int fd = openers[i](path, flags);

		if (!CHECK_INT(fd < 0 ? fd : 0, -err))
			printf("%s of \"%.100s\"\n", opener_names[i], path);
		if (fd >= 0)
			close(fd);
	}
	CHECK_INT(child_open_fds(), fds);
}

static const struct {
	const char *target, *path;
} links[] = {
	{"/dir/file", "root/link"},
	{"/dir", "root/dir/sub/to-dir"},
	{"/", "root/dir/top"},
	{"//dir//sub//..//file", "root/slashes"},
	{"file", "root/dir/same"},
	{"../file", "root/dir/up"},
	{"../../../../../../file", "root/dir/sub/far-up"},
	{"../../../outside/canary", "root/dir/sub/canary"},
	{"dir/sub", "root/short"},
	{"short/../same", "root/chain"},
	{".", "root/dot"},
	{"..", "root/dir/sub/dotdot"},
	{"dir", "root/to-dir"},
	{"dir/", "root/to-dir-slash"},
	{"file", "root/to-file"},
	{"file/", "root/to-file-slash"},
	{"nowhere", "root/dangling"},
	{"loop", "root/loop"},
	{"/no/where", "root/dangling-absolute"},
	{"two", "root/one"},
	{"/one", "root/two"},
	{"deeper/x", "root/deeper"},
};

/* What a path leads to in the tree, or the errno. */
static const struct {
	const char *path;
	int flags;
	const char *name;
	int err;
} lookups[] = {
	/* takes a path written in any way */
	{"/", O_PATH, "root", 0},
	{"/dir/file", O_PATH, "root/dir/file", 0},
	{"dir/file", O_PATH, "root/dir/file", 0},
	{"///dir////file", O_PATH, "root/dir/file", 0},
	{"/./dir/./././file", O_PATH, "root/dir/file", 0},
	{"/dir/sub/../file", O_PATH, "root/dir/file", 0},
	{"dir/sub/../../dir/../file", O_PATH, "root/file", 0},
	{".", O_PATH, "root", 0},
	{"dir/.", O_PATH, "root/dir", 0},
	{"dir/sub/..", O_PATH, "root/dir", 0},
	{"dir/", O_PATH, "root/dir", 0},
	{"dir//", O_RDONLY, "root/dir", 0},
	{"dir/sub/../", O_RDONLY | O_DIRECTORY, "root/dir", 0},
	/* does not leave the root by dotdot */
	{"..", O_PATH, "root", 0},
	{"/..", O_PATH, "root", 0},
	{"../../../..", O_PATH, "root", 0},
	{"/../../file", O_PATH, "root/file", 0},
	{"dir/../../dir", O_PATH, "root/dir", 0},
	{"dir/sub/../../../..", O_PATH, "root", 0},
	{"../outside/canary", O_PATH, NULL, ENOENT},
	{"dir/../../outside", O_PATH, NULL, ENOENT},
	/* starts absolute links at the root */
	{"link", O_PATH, "root/dir/file", 0},
	{"dir/sub/to-dir", O_PATH, "root/dir", 0},
	{"dir/sub/to-dir/file", O_PATH, "root/dir/file", 0},
	{"dir/top", O_PATH, "root", 0},
	{"dir/top/file", O_PATH, "root/file", 0},
	{"dir/top/../dir/top/dir/sub/to-dir/..", O_PATH, "root", 0},
	{"slashes", O_PATH, "root/dir/file", 0},
	{"canary", O_PATH, NULL, ENOENT},
	/* follows relative links from where they lie */
	{"dir/same", O_PATH, "root/dir/file", 0},
	{"dir/up", O_PATH, "root/file", 0},
	{"dir/sub/far-up", O_PATH, "root/file", 0},
	{"dir/sub/canary", O_PATH, NULL, ENOENT},
	{"short", O_PATH, "root/dir/sub", 0},
	{"short/..", O_PATH, "root/dir", 0},
	{"chain", O_PATH, "root/dir/file", 0},
	{"dot/dot/dot/dot/file", O_PATH, "root/file", 0},
	{"short/dotdot/file", O_PATH, "root/dir/file", 0},
	{"short/dotdot", O_PATH | O_DIRECTORY, "root/dir", 0},
	/* a slash at the end means a directory */
	{"to-dir/", O_PATH, "root/dir", 0},
	{"to-dir-slash", O_PATH, "root/dir", 0},
	{"to-dir-slash//", O_PATH, "root/dir", 0},
	{"to-dir-slash/file", O_PATH, "root/dir/file", 0},
	{"to-file", O_PATH, "root/file", 0},
	{"file/", O_PATH, NULL, ENOTDIR},
	{"file/.", O_PATH, NULL, ENOTDIR},
	{"file/..", O_PATH, NULL, ENOTDIR},
	{"file/x", O_PATH, NULL, ENOTDIR},
	{"to-file/", O_PATH, NULL, ENOTDIR},
	{"to-file/..", O_PATH, NULL, ENOTDIR},
	{"to-file-slash", O_PATH, NULL, ENOTDIR},
	/* nofollow means the link itself */
	{"to-dir", O_PATH | O_NOFOLLOW, "root/to-dir", 0},
	{"dangling", O_PATH | O_NOFOLLOW, "root/dangling", 0},
	{"loop", O_PATH | O_NOFOLLOW, "root/loop", 0},
	{"file", O_PATH | O_NOFOLLOW, "root/file", 0},
	/* Only the last one, and not with a slash after it. */
	{"to-dir/file", O_PATH | O_NOFOLLOW, "root/dir/file", 0},
	{"to-dir/", O_PATH | O_NOFOLLOW, "root/dir", 0},
	{"to-dir/.", O_PATH | O_NOFOLLOW, "root/dir", 0},
	{"to-dir", O_RDONLY | O_NOFOLLOW, NULL, ELOOP},
	{"to-dir", O_PATH | O_NOFOLLOW | O_DIRECTORY, NULL, ENOTDIR},
	/* says what is wrong */
	{"nowhere", O_PATH, NULL, ENOENT},
	{"nowhere/x", O_PATH, NULL, ENOENT},
	{"nowhere/", O_PATH, NULL, ENOENT},
	{"nowhere/..", O_PATH, NULL, ENOENT},
	{"dangling", O_PATH, NULL, ENOENT},
	{"dangling/", O_PATH, NULL, ENOENT},
	{"dangling/x", O_PATH, NULL, ENOENT},
	{"dangling-absolute", O_PATH, NULL, ENOENT},
	{"loop", O_PATH, NULL, ELOOP},
	{"loop/x", O_PATH, NULL, ELOOP},
	{"one", O_PATH, NULL, ELOOP},
	{"deeper", O_PATH, NULL, ELOOP},
	{"file", O_PATH | O_DIRECTORY, NULL, ENOTDIR},
	{"", O_PATH, NULL, ENOENT},
};

TEST(test_inroot_open__goes_where_a_process_inside_would)
{
	char *canary;

	begin();
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		tree_link(&tree, links[i].target, links[i].path);
	canary = tree_path(&tree, "outside/canary");
	tree_link(&tree, canary, "root/canary");
	free(canary);
	for (size_t i = 0; i < sizeof(lookups) / sizeof(lookups[0]); i++)
		if (lookups[i].name)
			check_opens(lookups[i].path, lookups[i].flags, lookups[i].name);
		else
			check_fails(lookups[i].path, lookups[i].flags, lookups[i].err);
	end();
}

TEST(test_inroot_open__follows_40_links_and_no_more)
{
	char name[16], target[32], path[1000] = "";

	begin();
	tree_link(&tree, ".", "root/dot");
	for (int i = 0; i < 41; i++) {
		snprintf(name, sizeof(name), "%d", i);
		snprintf(target, sizeof(target), "root/%d", i + 1);
		tree_link(&tree, i == 0 ? "file" : name, target);
	}
	check_opens("40", O_PATH, "root/file");
	check_fails("41", O_PATH, ELOOP);
	check_opens("41", O_PATH | O_NOFOLLOW, "root/41");
	for (int i = 0; i < 40; i++)
		strcat(path, "dot/");
	check_opens(path, O_PATH, "root");
	strcat(path, "dir/file");
	check_opens(path, O_PATH, "root/dir/file");
	strcpy(path + 4 * 40, "dot/file");
	check_fails(path, O_PATH, ELOOP);
	end();
}

TEST(test_inroot_open__takes_names_and_paths_as_long_as_there_are)
{
	char path[PATH_MAX + 10] = "root/";

	begin();
	memset(path + 5, 'n', NAME_MAX);
	tree_file(&tree, path, 0644, "");
	check_opens(path + 5, O_PATH, path);
	path[5 + NAME_MAX] = 'n';
	check_fails(path + 5, O_PATH, ENAMETOOLONG);
	memset(path, '/', PATH_MAX - 5);
	strcpy(path + PATH_MAX - 5, "file");
	check_opens(path, O_PATH, "root/file");
	strcpy(path + PATH_MAX - 5, "/file");
	check_fails(path, O_PATH, ENAMETOOLONG);
	for (int i = 0; i < PATH_MAX / 2 - 1; i++)
		memcpy(path + 2 * i, "./", 3);
	check_opens(path, O_PATH, "root");
	end();
}

/* The walk has each directory open that it is in. */
static bool allow_files(rlim_t count)
{
	struct rlimit limit;

	tree_require(getrlimit(RLIMIT_NOFILE, &limit) == 0, "getrlimit");
	limit.rlim_cur = count;
	return count <= limit.rlim_max && setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

/* Makes "/d/d/d..." of LEN bytes in root. What is at its end. */
static struct stat make_deep(char *path, size_t len)
{
	int fd = fcntl(root, F_DUPFD_CLOEXEC, 0), next;
	struct stat st = {0};

	for (size_t at = 0; at < len; at += 2) {
		memcpy(path + at, "/d", 3);
		tree_require(fd >= 0 && mkdirat(fd, "d", 0755) == 0, "d");
		next = openat(fd, "d", O_PATH | O_DIRECTORY | O_CLOEXEC);
		close(fd);
		fd = next;
	}
	tree_require(fd >= 0 && fstat(fd, &st) == 0, "d");
	close(fd);
	return st;
}

/* Where PATH leads, by both ways, is EXPECTED. */
static void check_deep(const char *path, const struct stat *expected)
{
	struct stat st = {0};

	for (size_t i = 0; i < 2; i++) {
		int fd = openers[i](path, O_PATH);

		if (CHECK(fd >= 0 && fstat(fd, &st) == 0))
			CHECK_INT(st.st_ino, expected->st_ino);
		close(fd);
	}
}

/* Links lead deeper than a path can. The walk may say so. */
static void check_deeper(const char *path)
{
	char below[PATH_MAX];

	tree_require(symlinkat(path + 1, root, "deep") == 0, "deep");
	close(root);
	root = openat(tree.fd, "root/deep", O_PATH | O_DIRECTORY | O_CLOEXEC);
	make_deep(below, 200);
	close(root);
	root = openat(tree.fd, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	memcpy(below, "deep", 4);
	CHECK_INT(by_walk(below, O_PATH), -ENAMETOOLONG);
}

TEST(test_inroot_open__goes_as_deep_as_a_path_can)
{
	char path[PATH_MAX];
	struct stat expected;
	struct rlimit before;

	tree_require(getrlimit(RLIMIT_NOFILE, &before) == 0, "getrlimit");
	if (!allow_files(2 * PATH_MAX)) {
		SKIP("not enough open files are allowed");
		return;
	}
	begin();
	expected = make_deep(path, PATH_MAX - 2);
	check_deep(path, &expected);
	check_deeper(path);
	end();
	tree_require(setrlimit(RLIMIT_NOFILE, &before) == 0, "setrlimit");
}

static void check_reads(opener *open_file)
{
	int fd = open_file("dir/file", O_RDONLY), fifo, writer;
	char text[10] = "";

	CHECK_INT(read(fd, text, 9), 4);
	CHECK_STR(text, "text");
	close(fd);
	fd = open_file("dir/file", O_WRONLY | O_APPEND);
	CHECK_INT(read(fd, text, 1), -1);
	CHECK_INT(fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND), O_WRONLY | O_APPEND);
	close(fd);
	/* Nothing waits for a writer. */
	fifo = open_file("fifo", O_RDONLY | O_NONBLOCK);
	writer = open_file("fifo", O_WRONLY | O_NONBLOCK);
	CHECK(fifo >= 0 && writer >= 0);
	close(writer);
	close(fifo);
}

TEST(test_inroot_open__opens_with_the_flags_that_are_given)
{
	begin();
	tree_require(mkfifoat(tree.fd, "root/fifo", 0600) == 0, "fifo");
	check_reads(by_open);
	check_reads(by_walk);
	end();
}

TEST(test_inroot_open_regular__opens_nothing_else)
{
	char text[8] = "";
	int fd;

	begin();
	tree_require(mkfifoat(tree.fd, "root/fifo", 0600) == 0, "fifo");
	tree_link(&tree, "/fifo", "root/to-fifo");
	tree_link(&tree, "/dir/file", "root/to-file");
	fd = inroot_open_regular(root, "to-file");
	CHECK(fd >= 0 && read(fd, text, sizeof(text) - 1) == 4);
	CHECK_STR(text, "text");
	close(fd);
	CHECK_INT(inroot_open_regular(root, "fifo"), -EINVAL);
	CHECK_INT(inroot_open_regular(root, "to-fifo"), -EINVAL);
	CHECK_INT(inroot_open_regular(root, "dir"), -EINVAL);
	CHECK_INT(inroot_open_regular(root, "nowhere"), -ENOENT);
	CHECK_INT(inroot_open_regular(root, "file/x"), -ENOTDIR);
	end();
}

static void check_closed(void)
{
	check_opens("dir/closed", O_PATH, "root/dir/closed");
	check_opens("dir/closed/", O_PATH, "root/dir/closed");
	check_fails("dir/closed/.", O_PATH, EACCES);
	check_fails("dir/closed/..", O_PATH, EACCES);
	check_fails("dir/closed/../file", O_PATH, EACCES);
	check_fails("dir/closed/file", O_PATH, EACCES);
	check_fails("dir/closed/nowhere", O_PATH, EACCES);
	check_fails("dir/closed/sub/..", O_PATH, EACCES);
	check_fails("to-closed", O_PATH, EACCES);
	check_fails("dir/closed", O_RDONLY | O_DIRECTORY, EACCES);
	check_opens("unreadable", O_PATH, "root/unreadable");
	check_fails("unreadable", O_RDONLY, EACCES);
}

TEST(test_inroot_open__needs_the_rights_that_a_path_needs)
{
	begin();
	tree_dir(&tree, "root/dir/closed", 0700);
	tree_file(&tree, "root/dir/closed/file", 0644, "");
	tree_dir(&tree, "root/dir/closed/sub", 0755);
	tree_link(&tree, "dir/closed/file", "root/to-closed");
	tree_file(&tree, "root/unreadable", 0, "");
	tree_require(fchmodat(tree.fd, "root/dir/closed", 0, 0) == 0, "chmod");
	if (child_look_as_user())
		check_closed();
	else
		SKIP("there is no other user");
	child_look_as_self();
	end();
}

TEST(test_inroot_open__needs_no_right_to_read_on_the_way)
{
	begin();
	tree_dir(&tree, "root/dir/closed", 0700);
	tree_file(&tree, "root/dir/closed/file", 0644, "");
	tree_require(fchmodat(tree.fd, "root/dir/closed", 0311, 0) == 0, "chmod");
	if (child_look_as_user())
		check_fails("dir/closed", O_RDONLY | O_DIRECTORY, EACCES);
	else
		SKIP("there is no other user");
	check_opens("dir/closed/file", O_RDONLY, "root/dir/closed/file");
	check_opens("dir/closed/..", O_PATH, "root/dir");
	child_look_as_self();
	end();
}

/* Random trees and paths, the same ones each time. */

static unsigned int chance_state;

static unsigned int chance(unsigned int n)
{
	chance_state = chance_state * 1103515245 + 12345;
	return (chance_state >> 16) % n;
}

/* A path of up to COUNT components. */
static void chance_path(char *path, unsigned int count)
{
	static const char *const parts[] = {"a", "b", "c", "a", "b", "..", ".", "x"};

	strcpy(path, chance(3) ? "" : "/");
	for (count = chance(count) + 1; count > 0; count--) {
		strcat(path, parts[chance(sizeof(parts) / sizeof(parts[0]))]);
		if (count > 1 || chance(6) == 0)
			strcat(path, chance(8) ? "/" : "//");
	}
}

static void chance_tree(int dir, int depth)
{
	static const char *const names[] = {"a", "b", "c"};
	char target[100];
	int below;

	for (size_t i = 0; i < 3; i++)
		switch (chance(depth > 0 ? 6 : 4)) {
		case 0:
			break;
		case 1:
			tree_require(mknodat(dir, names[i], S_IFREG | 0644, 0) == 0, names[i]);
			break;
		case 2:
		case 3:
			chance_path(target, 4);
			tree_require(symlinkat(target, dir, names[i]) == 0, target);
			break;
		default:
			tree_require(mkdirat(dir, names[i], 0755) == 0, names[i]);
			below = openat(dir, names[i], O_PATH | O_DIRECTORY | O_CLOEXEC);
			tree_require(below >= 0, names[i]);
			chance_tree(below, depth - 1);
			close(below);
		}
}

/* That both give the same result for PATH. Whether it exists. */
static bool check_agree(const char *path, int flags)
{
	int a = by_open(path, flags), b = by_walk(path, flags);
	struct stat x = {0}, y = {0};
	bool same = a < 0 ? a == b
			  : b >= 0 && fstat(a, &x) == 0 && fstat(b, &y) == 0 &&
				    x.st_dev == y.st_dev && x.st_ino == y.st_ino;

	if (!CHECK(same))
		printf("\"%s\", flags %#x: open %s, walk %s\n", path, (unsigned int)flags,
		       strerror(a < 0 ? -a : 0), strerror(b < 0 ? -b : 0));
	if (a >= 0)
		close(a);
	if (b >= 0)
		close(b);
	return a >= 0;
}

TEST(test_inroot_walk__says_of_any_tree_what_the_kernel_says)
{
	static const int flags[] = {O_PATH,
				    O_PATH | O_NOFOLLOW,
				    O_PATH | O_DIRECTORY,
				    O_RDONLY | O_NONBLOCK,
				    O_RDONLY | O_DIRECTORY,
				    O_PATH | O_DIRECTORY | O_NOFOLLOW,
				    O_RDONLY | O_NOFOLLOW};
	int fds = child_open_fds(), found = 0;
	char path[200];

	for (unsigned int seed = 0; seed < 50 && unit_state()->failed_checks < 20; seed++) {
		chance_state = seed;
		begin();
		chance_tree(root, 3);
		for (int i = 0; i < 150; i++) {
			chance_path(path, 7);
			found += check_agree(path, flags[chance(7)]);
		}
		end();
	}
	CHECK(found > 500);
	CHECK_INT(child_open_fds(), fds);
}

TEST(test_inroot_stat__follows_links_inside)
{
	struct stat st, expected;

	begin();
	tree_link(&tree, "/dir/sub/../file", "root/link");
	tree_link(&tree, "../outside/canary", "root/out");
	tree_link(&tree, "loop", "root/loop");
	CHECK_INT(inroot_stat(root, "/link", &st), 0);
	CHECK_INT(fstatat(tree.fd, "root/dir/file", &expected, 0), 0);
	CHECK(st.st_ino == expected.st_ino && st.st_mode == expected.st_mode);
	CHECK_INT(inroot_stat(root, "/out", &st), -ENOENT);
	CHECK_INT(inroot_stat(root, "/loop", &st), -ELOOP);
	CHECK_INT(inroot_stat(root, "/file/x", &st), -ENOTDIR);
	end();
}

/*
 * Without openat2.
 */

static int refusal;

/*
 * For a child: openat2 fails with REFUSAL from now on, as under systemd's
 * RestrictSUIDSGID=.
 */
static void refuse_openat2(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, LSL_NR_openat2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned int)refusal),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = 4, .filter = filter};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		child_skip("seccomp");
}

static void open_refused(void)
{
	struct lsl_open_how how = {.flags = O_PATH};

	refuse_openat2();
	begin();
	/* Valgrind does not know it at all. */
	CHECK(sys_openat2(root, "file", &how) < 0 && (errno == refusal || errno == ENOSYS));
	tree_link(&tree, "/dir/file", "root/link");
	tree_link(&tree, "../../outside/canary", "root/dir/out");
	check_opens("link", O_PATH, "root/dir/file");
	check_opens("dir/../..", O_RDONLY, "root");
	check_fails("dir/out", O_PATH, ENOENT);
	end();
}

TEST(test_inroot_open__does_without_openat2)
{
	/* EAGAIN: somebody keeps renaming directories. */
	static const int refusals[] = {ENOSYS, EPERM, EAGAIN};

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		refusal = refusals[i];
		child_run(open_refused, "no seccomp");
	}
}

static void (*run_refused)(void);

static void refused(void)
{
	refusal = ENOSYS;
	refuse_openat2();
	run_refused();
}

/* Runs RUN in a child, and in another one without openat2. */
static void both_ways(void (*run)(void))
{
	child_run(run, "no mount namespace can be had");
	run_refused = run;
	child_run(refused, "no mount namespace or no seccomp can be had");
}

/* Other mounts in the root, which are the host's. */

/*
 * For a child. "other" has the host's outside, "bound" the root's own dir, and
 * a file is mounted on "single".
 */
static void begin_with_mounts(void)
{
	child_own_mounts();
	begin();
	tree_require(fchdir(tree.fd) == 0, "chdir");
	tree_dir(&tree, "root/other", 0755);
	tree_dir(&tree, "root/bound", 0755);
	tree_file(&tree, "root/single", 0644, "");
	tree_link(&tree, "/other/dir", "root/to-other");
	tree_link(&tree, "../bound", "root/dir/to-bound");
	if (mount("outside", "root/other", "none", MS_BIND, NULL) < 0 ||
	    mount("root/dir", "root/bound", "none", MS_BIND, NULL) < 0 ||
	    mount("root/file", "root/single", "none", MS_BIND, NULL) < 0)
		child_skip("mount");
}

static void end_with_mounts(void)
{
	static const char *const mounts[] = {"root/other", "root/bound", "root/single"};

	for (size_t i = 0; i < 3; i++)
		tree_require(umount2(mounts[i], MNT_DETACH) == 0, mounts[i]);
	tree_require(chdir("/") == 0, "/");
	end();
}

/*
 * 0 or the errno of inroot_walk on root's mount only, and that the kernel says
 * the same.
 */
static void check_same_mount(const char *path, int flags, int err)
{
	struct lsl_open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = LSL_RESOLVE_IN_ROOT | LSL_RESOLVE_NO_MAGICLINKS | LSL_RESOLVE_NO_XDEV,
	};
	int fds = child_open_fds();
	int fd = inroot_walk(root, path, flags, true), other = sys_openat2(root, path, &how);
	bool has_openat2 = other >= 0 || errno != ENOSYS;

	if (!CHECK_INT(fd < 0 ? fd : 0, -err))
		printf("\"%s\"\n", path);
	if (has_openat2 && !CHECK_INT(other < 0 ? errno : 0, err))
		printf("\"%s\" by openat2\n", path);
	close(fd);
	close(other);
	CHECK_INT(child_open_fds(), fds);
}

static const struct {
	const char *path;
	int flags, err;
} same_mounts[] = {
	{"/", O_PATH, 0},
	{"..", O_PATH, 0},
	{"dir/sub/../file", O_RDONLY, 0},
	{"dir/../file", O_PATH, 0},
	{"nowhere", O_PATH, ENOENT},
	{"other", O_PATH, EXDEV},
	{"other", O_PATH | O_NOFOLLOW, EXDEV},
	{"other/", O_PATH, EXDEV},
	{"other/canary", O_PATH, EXDEV},
	{"other/nowhere", O_PATH, EXDEV},
	{"other/..", O_PATH, EXDEV},
	{"other/../file", O_PATH, EXDEV},
	{"to-other", O_PATH, EXDEV},
	{"to-other", O_PATH | O_NOFOLLOW, 0},
	{"to-other/..", O_PATH, EXDEV},
	{"bound", O_PATH, EXDEV},
	{"bound/file", O_PATH, EXDEV},
	{"dir/to-bound/file", O_PATH, EXDEV},
	{"single", O_PATH, EXDEV},
	{"single", O_RDONLY, EXDEV},
};

static void stays_on_the_mount(void)
{
	begin_with_mounts();
	for (size_t i = 0; i < sizeof(same_mounts) / sizeof(same_mounts[0]); i++)
		check_same_mount(same_mounts[i].path, same_mounts[i].flags, same_mounts[i].err);
	check_opens("bound/file", O_PATH, "root/dir/file");
	check_opens("to-other/../canary", O_PATH, "outside/canary");
	end_with_mounts();
}

TEST(test_inroot_walk__can_be_told_to_stay_on_the_mount)
{
	child_run(stays_on_the_mount, "no mount namespace can be had");
}

static void root_is_a_mount(void)
{
	begin_with_mounts();
	close(root);
	root = open("root/other", O_PATH | O_DIRECTORY | O_CLOEXEC);
	check_same_mount("/", O_PATH, 0);
	check_same_mount("../canary", O_PATH, 0);
	check_same_mount("dir/../../dir", O_PATH, 0);
	end_with_mounts();
}

TEST(test_inroot_walk__the_root_may_be_a_mount_itself)
{
	child_run(root_is_a_mount, "no mount namespace can be had");
}

/* They lead out. */
static void magic_links(void)
{
	char path[64];
	int fd;

	begin_with_mounts();
	if (mount("/proc", "root/other", "none", MS_BIND | MS_REC, NULL) < 0)
		child_skip("mount");
	fd = open("outside/canary", O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof(path), "other/self/fd/%d", fd);
	for (size_t i = 0; i < 2; i++)
		CHECK(openers[i](path, O_PATH) < 0);
	close(fd);
	tree_require(umount2("root/other", MNT_DETACH) == 0, "umount");
	end_with_mounts();
}

TEST(test_inroot_open__does_not_follow_magic_links)
{
	child_run(magic_links, "no mount namespace can be had");
}

/* Making missing files. */

typedef int maker(int dir, const char *path);

/* That MAKE returns the file that is then called NAME in the tree. */
static void check_makes(maker *make, const char *path, const char *name)
{
	int fds = child_open_fds(), fd = make(root, path);

	if (!CHECK(fd >= 0 && is_the(fd, name)))
		printf("\"%s\": %s\n", path, fd < 0 ? strerror(-fd) : "is another file");
	if (fd >= 0) {
		CHECK_INT(fcntl(fd, F_GETFD), FD_CLOEXEC);
		CHECK(fcntl(fd, F_GETFL) & O_PATH);
		close(fd);
	}
	CHECK_INT(child_open_fds(), fds);
}

/* That MAKE fails with ERR, and nothing has changed, within or without. */
static void check_makes_nothing(maker *make, const char *path, int err)
{
	char *before = tree_list(&tree), *after;
	int fds = child_open_fds(), fd = make(root, path);

	if (!CHECK_INT(fd < 0 ? fd : 0, -err))
		printf("\"%s\"\n", path);
	if (fd >= 0)
		close(fd);
	CHECK_INT(child_open_fds(), fds);
	after = tree_list(&tree);
	CHECK_STR(after, before);
	free(before);
	free(after);
}

/* Everything outside is as begin left it. */
static void check_outside(void)
{
	char *listing = tree_list(&tree);
	char text[10] = "";
	int fd = openat(tree.fd, "outside/canary", O_RDONLY | O_CLOEXEC);

	if (!CHECK(strstr(listing, "outside 40755\noutside/canary 100644\n"
				   "outside/dir 40755\nroot 40755\n")))
		printf("%s", listing);
	CHECK_INT(read(fd, text, 9), 5);
	CHECK_STR(text, "alive");
	close(fd);
	free(listing);
}

static mode_t mode_of(const char *name)
{
	struct stat st;

	return fstatat(tree.fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ? 0 : st.st_mode;
}

/* MAKE of PATH returns the file NAME, or ERR, and then nothing has changed. */
struct making {
	maker *make;
	const char *path, *name;
	int err;
};

static void check_making(const struct making *makings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (makings[i].name)
			check_makes(makings[i].make, makings[i].path, makings[i].name);
		else
			check_makes_nothing(makings[i].make, makings[i].path, makings[i].err);
	check_outside();
}

#define CHECK_MAKING(makings) check_making(makings, sizeof(makings) / sizeof((makings)[0]))

static void make_missing(void)
{
	static const struct making makings[] = {
		{inroot_make_dir, "/new", "root/new", 0},
		{inroot_make_dir, "/dir/a/b/c", "root/dir/a/b/c", 0},
		{inroot_make_dir, "relative/too", "root/relative/too", 0},
		{inroot_make_dir, "//dir//x///y//", "root/dir/x/y", 0},
		{inroot_make_dir, "/./dir/../z/./zz/.", "root/z/zz", 0},
		{inroot_make_dir, "/../../top", "root/top", 0},
		{inroot_make_file, "/newer", "root/newer", 0},
		{inroot_make_file, "/dir/d/e/f", "root/dir/d/e/f", 0},
		{inroot_make_file, "//dir//d/..//g", "root/dir/g", 0},
	};
	struct stat st;

	umask(0);
	begin();
	CHECK_MAKING(makings);
	CHECK_INT(mode_of("root/dir/a"), S_IFDIR | 0755);
	CHECK_INT(mode_of("root/dir/a/b/c"), S_IFDIR | 0755);
	CHECK_INT(mode_of("root/newer"), S_IFREG | 0644);
	CHECK_INT(mode_of("root/dir/d/e"), S_IFDIR | 0755);
	CHECK_INT(fstatat(tree.fd, "root/dir/d/e/f", &st, 0), 0);
	CHECK_INT(st.st_size, 0);
	end();
}

TEST(test_inroot_make__makes_what_is_missing)
{
	both_ways(make_missing);
}

static void take_existing(void)
{
	static const struct making makings[] = {
		{inroot_make_dir, "/", "root", 0},
		{inroot_make_dir, "/dir/sub/..", "root/dir", 0},
		{inroot_make_dir, "/dir/mine", "root/dir/mine", 0},
		{inroot_make_dir, "/link", "root/dir/sub", 0},
		/* A file is taken itself. */
		{inroot_make_file, "/file", "root/file", 0},
		{inroot_make_file, "/dir/file", "root/dir/file", 0},
		{inroot_make_file, "/dir", "root/dir", 0},
		{inroot_make_file, "/dangling", "root/dangling", 0},
		{inroot_make_file, "/to-file", "root/to-file", 0},
		{inroot_make_file, "/loop", "root/loop", 0},
	};
	struct stat st;

	begin();
	tree_dir(&tree, "root/dir/mine", 0700);
	tree_link(&tree, "/dir/sub", "root/link");
	tree_link(&tree, "nowhere", "root/dangling");
	tree_link(&tree, "/file", "root/to-file");
	tree_link(&tree, "loop", "root/loop");
	CHECK_MAKING(makings);
	CHECK_INT(mode_of("root/dir/mine"), S_IFDIR | 0700);
	CHECK_INT(mode_of("root/dir/file"), S_IFREG | 0755);
	CHECK_INT(mode_of("root/nowhere"), 0);
	CHECK_INT(fstatat(tree.fd, "root/dir/file", &st, 0), 0);
	CHECK_INT(st.st_size, 4);
	end();
}

TEST(test_inroot_make__takes_what_exists)
{
	both_ways(take_existing);
}

static void make_through_links(void)
{
	static const struct making makings[] = {
		{inroot_make_dir, "/absolute/a", "root/dir/a", 0},
		{inroot_make_dir, "/relative/b/c", "root/dir/sub/b/c", 0},
		{inroot_make_dir, "/relative/../d", "root/dir/d", 0},
		{inroot_make_dir, "/relative/far/e", "root/dir/e", 0},
		{inroot_make_file, "/absolute/f", "root/dir/f", 0},
		{inroot_make_file, "/relative/far/g/h", "root/dir/g/h", 0},
	};

	begin();
	tree_link(&tree, "/dir", "root/absolute");
	tree_link(&tree, "dir/sub", "root/relative");
	tree_link(&tree, "../../../../dir", "root/dir/sub/far");
	CHECK_MAKING(makings);
	end();
}

TEST(test_inroot_make__follows_links_inside)
{
	both_ways(make_through_links);
}

/* A hostile root filesystem. */
static void make_by_hostile_links(void)
{
	static const struct making makings[] = {
		{inroot_make_dir, "/absolute", NULL, EEXIST},
		{inroot_make_dir, "/absolute/a", NULL, EEXIST},
		{inroot_make_dir, "/absolute/dir/a", NULL, EEXIST},
		{inroot_make_dir, "/absolute-new", NULL, EEXIST},
		{inroot_make_dir, "/absolute-new/a", NULL, EEXIST},
		{inroot_make_dir, "/up", NULL, EEXIST},
		{inroot_make_dir, "/up/dir/a/b", NULL, EEXIST},
		{inroot_make_dir, "/up-new/a", NULL, EEXIST},
		{inroot_make_dir, "/dir/far/a", NULL, EEXIST},
		{inroot_make_dir, "/twice", NULL, EEXIST},
		{inroot_make_dir, "/loop", NULL, ELOOP},
		{inroot_make_dir, "/loop/a", NULL, ELOOP},
		{inroot_make_file, "/absolute", "root/absolute", 0},
		{inroot_make_file, "/up-new", "root/up-new", 0},
		{inroot_make_file, "/absolute/canary", NULL, EEXIST},
		{inroot_make_file, "/absolute/a", NULL, EEXIST},
		{inroot_make_file, "/absolute-new/a", NULL, EEXIST},
		{inroot_make_file, "/up/canary", NULL, EEXIST},
		{inroot_make_file, "/up/dir/a", NULL, EEXIST},
		{inroot_make_file, "/up-new/a", NULL, EEXIST},
		{inroot_make_file, "/dir/far/a", NULL, EEXIST},
		{inroot_make_file, "/loop/a", NULL, ELOOP},
	};
	/* If the same names exist inside, the links mean those. */
	static const struct making inside[] = {
		{inroot_make_dir, "/up/a/b", "root/outside/a/b", 0},
		{inroot_make_dir, "/up/../../x", "root/x", 0},
		{inroot_make_file, "/up/canary", "root/outside/canary", 0},
	};
	char *outside, *new;

	begin();
	outside = tree_path(&tree, "outside");
	new = tree_path(&tree, "outside/new");
	tree_link(&tree, outside, "root/absolute");
	tree_link(&tree, new, "root/absolute-new");
	tree_link(&tree, "../outside", "root/up");
	tree_link(&tree, "../outside/new", "root/up-new");
	tree_link(&tree, "../../../../../../../../../../../../../../tmp", "root/dir/far");
	tree_link(&tree, "loop", "root/loop");
	tree_link(&tree, "up/x", "root/twice");
	free(outside);
	free(new);
	CHECK_MAKING(makings);
	tree_dir(&tree, "root/outside", 0755);
	CHECK_MAKING(inside);
	end();
}

TEST(test_inroot_make__makes_nothing_outside)
{
	both_ways(make_by_hostile_links);
}

static void fail_to_make(void)
{
	static char name[PATH_MAX + 10] = "/", path[PATH_MAX + 10];
	static const struct making makings[] = {
		{inroot_make_dir, "/file", NULL, ENOTDIR},
		{inroot_make_dir, "/file/a", NULL, ENOTDIR},
		{inroot_make_file, "/file/a", NULL, ENOTDIR},
		{inroot_make_dir, name, NULL, ENAMETOOLONG},
		{inroot_make_file, name, NULL, ENAMETOOLONG},
		{inroot_make_dir, path, NULL, ENAMETOOLONG},
		{inroot_make_file, path, NULL, ENAMETOOLONG},
		{inroot_make_file, "no-slash", NULL, EINVAL},
	};

	memset(name + 1, 'n', NAME_MAX + 1);
	memset(path, '/', PATH_MAX);
	begin();
	CHECK_MAKING(makings);
	end();
}

TEST(test_inroot_make__says_what_is_in_the_way)
{
	both_ways(fail_to_make);
}

static void make_on_mounts(void)
{
	static const struct making makings[] = {
		{inroot_make_dir, "/other/new", NULL, EXDEV},
		{inroot_make_dir, "/other/dir/new", NULL, EXDEV},
		{inroot_make_dir, "/to-other/new", NULL, EXDEV},
		{inroot_make_dir, "/bound/new/er", NULL, EXDEV},
		{inroot_make_dir, "/dir/to-bound/new", NULL, EXDEV},
		{inroot_make_file, "/other/new", NULL, EXDEV},
		{inroot_make_file, "/other/new/er", NULL, EXDEV},
		{inroot_make_file, "/to-other/new", NULL, EXDEV},
		/* Existing files can be used. */
		{inroot_make_dir, "/other/dir", "outside/dir", 0},
		{inroot_make_dir, "/to-other", "outside/dir", 0},
		{inroot_make_dir, "/bound/sub", "root/dir/sub", 0},
		{inroot_make_file, "/other/canary", "outside/canary", 0},
		{inroot_make_file, "/single", "root/file", 0},
		{inroot_make_dir, "/single", NULL, ENOTDIR},
	};

	begin_with_mounts();
	CHECK_MAKING(makings);
	end_with_mounts();
}

TEST(test_inroot_make__makes_nothing_on_other_mounts)
{
	both_ways(make_on_mounts);
}

/* linux/fs.h; renameat2(2) is not in every musl. */
#define EXCHANGE (1U << 1)

static void change(const char *from, const char *to, unsigned int flags)
{
	/* It does not matter whether something can be changed at the moment. */
	(void)syscall(SYS_renameat2, tree.fd, from, tree.fd, to, flags);
}

/*
 * Replaces files by links that lead out, and moves a directory out and back,
 * for ever.
 */
static _Noreturn void be_hostile(pid_t victim)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (getppid() == victim) {
		for (int i = 0; i < 10; i++) {
			change("root/swap", "root/swap-link", EXCHANGE);
			change("root/leaf", "root/leaf-link", EXCHANGE);
		}
		change("root/away", "elsewhere/away", 0);
		change("elsewhere/away", "root/away", 0);
	}
	_exit(0);
}

/* The result does not matter, only that nothing changes outside. */
static void make_all_the_same(void)
{
	static const char *const paths[] = {"/swap/new/er", "/away/new/../../../outside/new",
					    "/away/../../outside/new", "/swap-link/new"};

	for (int i = 0; i < 1000; i++)
		close(i % 2 ? inroot_make_file(root, paths[i / 2 % 4])
			    : inroot_make_dir(root, paths[i / 2 % 4]));
}

static void open_all_the_same(void)
{
	static const char *const paths[] = {"/swap/canary", "/leaf", "/away/../outside/canary",
					    "/away/sub/../../outside/canary",
					    "/away/sub/../../../outside/canary"};

	for (int i = 0; i < 20000; i++) {
		int fd = openers[i % 2](paths[i / 2 % 5], O_PATH);

		if (fd < 0)
			continue;
		CHECK(!is_the(fd, "outside/canary"));
		close(fd);
	}
}

static void race(void)
{
	pid_t victim = getpid(), pid;

	begin();
	tree_dir(&tree, "root/swap", 0755);
	tree_link(&tree, "../outside", "root/swap-link");
	tree_file(&tree, "root/leaf", 0644, "");
	tree_link(&tree, "../outside/canary", "root/leaf-link");
	tree_dir(&tree, "root/away", 0755);
	tree_dir(&tree, "root/away/sub", 0755);
	tree_dir(&tree, "elsewhere", 0755);
	pid = fork();
	if (pid == 0)
		be_hostile(victim);
	tree_require(pid > 0, "fork");
	make_all_the_same();
	open_all_the_same();
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	check_outside();
	end();
}

TEST(test_inroot_make__makes_nothing_outside_in_a_race)
{
	both_ways(race);
}
