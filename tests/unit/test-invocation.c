/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which command is meant, with links like those of users. lslExecutor itself
 * need not exist: it counts only that a link names it.
 */
#include "config.h"
#include "invocation.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "pathnames.h"
#include "tree.h"
#include "unit.h"

typedef bool follower(const char *path, struct command *command);

/* That PATH is PROGRAM of CONTAINER; NULL: that it is no command. */
static void check(follower *follow, const char *path, const char *container, const char *program)
{
	struct command *command = malloc(sizeof(*command));
	int fds = child_open_fds();
	bool is_command;

	tree_require(command, "memory");
	is_command = follow(path, command);
	if (!CHECK_INT(is_command, container != NULL) ||
	    (container &&
	     (!CHECK_STR(command->container, container) || !CHECK_STR(command->program, program))))
		printf("\"%.100s\"\n", path);
	CHECK_INT(child_open_fds(), fds);
	free(command);
}

/* The command that PATH alone names, by links or by itself. */
static bool follow(const char *path, struct command *command)
{
	const char *named_by = invocation_resolve(path, "", command);

	CHECK(!named_by || named_by == path);
	return named_by != NULL;
}

static struct tree tree;

static void begin(void)
{
	tree_make(&tree);
	tree_dir(&tree, "bin", 0755);
	tree_link(&tree, PATH_EXECUTOR, "debian:gcc");
	tree_link(&tree, PATH_EXECUTOR, "bin/arch:a:b");
}

/* The result of invocation_resolve for NAME in the tree. */
static void check_in_tree(const char *name, const char *container, const char *program)
{
	char *path = tree_path(&tree, name);

	check(follow, path, container, program);
	free(path);
}

TEST(test_invocation_resolve__takes_the_name_of_the_link_to_the_executor)
{
	char name[CONTAINER_NAME_MAX + NAME_MAX];
	size_t len;

	begin();
	tree_link(&tree, PATH_EXECUTOR, "bin/debian:g++");
	tree_link(&tree, PATH_EXECUTOR, "bin/debian:[");
	tree_link(&tree, PATH_EXECUTOR, "bin/debian:two words");
	tree_link(&tree, PATH_EXECUTOR, "bin/debian:-x");
	tree_link(&tree, PATH_EXECUTOR, "bin/debian:\303\274");
	check_in_tree("debian:gcc", "debian", "gcc");
	check_in_tree("bin/arch:a:b", "arch", "a:b");
	check_in_tree("bin/../bin/./arch:a:b", "arch", "a:b");
	check_in_tree("bin//debian:g++", "debian", "g++");
	check_in_tree("bin/debian:[", "debian", "[");
	check_in_tree("bin/debian:two words", "debian", "two words");
	check_in_tree("bin/debian:-x", "debian", "-x");
	check_in_tree("bin/debian:\303\274", "debian", "\303\274");
	strcpy(name, "debian:");
	len = strlen(name);
	memset(name + len, 'n', NAME_MAX - len);
	name[NAME_MAX] = '\0';
	tree_link(&tree, PATH_EXECUTOR, name);
	check_in_tree(name, "debian", name + len);
	tree_remove(&tree);
}

TEST(test_invocation_resolve__goes_through_links_of_the_callers)
{
	char *gcc;

	begin();
	gcc = tree_path(&tree, "debian:gcc");
	tree_link(&tree, gcc, "bin/gcc");
	tree_link(&tree, "gcc", "bin/cc");
	tree_link(&tree, "../bin/cc", "bin/c99");
	tree_link(&tree, "../debian:gcc", "bin/relative");
	tree_link(&tree, "arch:a:b", "bin/arch:c");
	tree_link(&tree, "bin", "linked");
	tree_link(&tree, "../linked/../bin/cc", "bin/detour");
	check_in_tree("bin/gcc", "debian", "gcc");
	check_in_tree("bin/cc", "debian", "gcc");
	check_in_tree("bin/c99", "debian", "gcc");
	check_in_tree("bin/relative", "debian", "gcc");
	/* Its target counts, not its name. */
	check_in_tree("bin/arch:c", "arch", "a:b");
	check_in_tree("linked/cc", "debian", "gcc");
	check_in_tree("bin/detour", "debian", "gcc");
	free(gcc);
	tree_remove(&tree);
}

/* /usr/local/bin/cc -> /etc/alternatives/cc -> the command. */
TEST(test_invocation_resolve__goes_through_what_update_alternatives_makes)
{
	char *alternative, *gcc;

	begin();
	tree_dir(&tree, "alternatives", 0755);
	gcc = tree_path(&tree, "debian:gcc");
	alternative = tree_path(&tree, "alternatives/cc");
	tree_link(&tree, gcc, "alternatives/cc");
	tree_link(&tree, alternative, "bin/cc");
	check_in_tree("bin/cc", "debian", "gcc");
	free(alternative);
	free(gcc);
	tree_remove(&tree);
}

/* Here this program is the one that was executed. */
TEST(test_invocation_resolve__knows_the_executor_by_its_file_too)
{
	struct stat named, running;
	char own[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", own, sizeof(own) - 1);

	tree_require(len > 0, "/proc/self/exe");
	own[len] = '\0';
	if (stat(own, &named) < 0 || stat("/proc/self/exe", &running) < 0 ||
	    named.st_ino != running.st_ino) {
		SKIP("valgrind runs it, and /proc/self/exe is valgrind");
		return;
	}
	begin();
	tree_link(&tree, own, "debian:cc");
	tree_link(&tree, own, "cc");
	tree_link(&tree, "../debian:cc", "bin/gcc");
	check_in_tree("debian:cc", "debian", "cc");
	check_in_tree("bin/gcc", "debian", "cc");
	check_in_tree("cc", NULL, NULL);
	check(follow, own, NULL, NULL);
	tree_remove(&tree);
}

TEST(test_invocation_resolve__takes_no_other_file_for_a_command)
{
	begin();
	tree_file(&tree, "debian:script", 0755, "#!/bin/sh\n");
	tree_link(&tree, "debian:script", "debian:linked");
	tree_link(&tree, "/bin/sh", "debian:sh");
	tree_link(&tree, PATH_EXECUTOR "x", "debian:almost");
	tree_link(&tree, PATH_EXECUTOR, "gcc");
	tree_link(&tree, "gcc", "debian:bare");
	tree_link(&tree, PATH_EXECUTOR, "debian:");
	tree_link(&tree, PATH_EXECUTOR, ":gcc");
	tree_link(&tree, PATH_EXECUTOR, "-debian:gcc");
	tree_dir(&tree, "debian:dir", 0755);
	check_in_tree("debian:script", NULL, NULL);
	check_in_tree("debian:linked", NULL, NULL);
	check_in_tree("debian:sh", NULL, NULL);
	check_in_tree("debian:almost", NULL, NULL);
	check_in_tree("gcc", NULL, NULL);
	check_in_tree("debian:bare", NULL, NULL);
	check_in_tree("debian:", NULL, NULL);
	check_in_tree(":gcc", NULL, NULL);
	check_in_tree("-debian:gcc", NULL, NULL);
	check_in_tree("debian:dir", NULL, NULL);
	check_in_tree("debian:gcc/", NULL, NULL);
	tree_remove(&tree);
}

/* A file that the kernel does not execute is no command either. */
TEST(test_invocation_resolve__follows_40_links_and_no_more)
{
	char name[16], target[16] = "debian:gcc";

	begin();
	tree_link(&tree, "loop", "loop");
	tree_link(&tree, "debian:two", "debian:one");
	tree_link(&tree, "debian:one", "debian:two");
	for (int i = 2; i <= 41; i++) {
		snprintf(name, sizeof(name), "%d", i);
		tree_link(&tree, target, name);
		strcpy(target, name);
	}
	check_in_tree("2", "debian", "gcc");
	check_in_tree("40", "debian", "gcc");
	check_in_tree("41", NULL, NULL);
	check_in_tree("loop", NULL, NULL);
	check_in_tree("debian:one", NULL, NULL);
	tree_remove(&tree);
}

TEST(test_invocation_resolve__takes_relative_paths)
{
	int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	begin();
	tree_link(&tree, "../debian:gcc", "bin/gcc");
	tree_require(here >= 0 && fchdir(tree.fd) == 0, "chdir");
	check(follow, "debian:gcc", "debian", "gcc");
	check(follow, "./debian:gcc", "debian", "gcc");
	check(follow, "bin/gcc", "debian", "gcc");
	check(follow, "bin/../bin/arch:a:b", "arch", "a:b");
	check(follow, ".//bin//gcc", "debian", "gcc");
	check(follow, "gcc", NULL, NULL);
	tree_require(fchdir(here) == 0, "chdir");
	close(here);
	tree_remove(&tree);
}

/* It was executed, so it existed, unlike a link to it that is missing. */
TEST(test_invocation_resolve__goes_by_the_spelling_of_what_cannot_be_looked_at)
{
	begin();
	tree_dir(&tree, "closed", 0700);
	tree_link(&tree, PATH_EXECUTOR, "closed/debian:gcc");
	tree_link(&tree, "closed/debian:gcc", "debian:through");
	tree_link(&tree, "nowhere/debian:gcc", "debian:dangling");
	check_in_tree("nowhere/debian:gcc", "debian", "gcc");
	check_in_tree("nowhere/gcc", NULL, NULL);
	check_in_tree("debian:dangling", NULL, NULL);
	tree_require(fchmodat(tree.fd, "closed", 0, 0) == 0, "chmod");
	if (child_look_as_user())
		check_in_tree("debian:through", NULL, NULL);
	else
		SKIP("there is no other user");
	check_in_tree("closed/debian:gcc", "debian", "gcc");
	check_in_tree("closed/gcc", NULL, NULL);
	child_look_as_self();
	tree_remove(&tree);
}

/* The last path that fits, and the first one that does not. */
TEST(test_invocation_resolve__takes_links_as_long_as_a_path_can_be)
{
	char path[PATH_MAX + 1];
	size_t keep = PATH_MAX - 1 - strlen("debian:gcc");

	begin();
	tree_link(&tree, "debian:gcc", "l");
	snprintf(path, sizeof(path), "%s", tree.path);
	memset(path + strlen(tree.path), '/', sizeof(path) - strlen(tree.path));
	strcpy(path + keep, "l");
	check(follow, path, "debian", "gcc");
	strcpy(path + keep, "/l");
	check(follow, path, NULL, NULL);
	strcpy(path + keep, "debian:gcc");
	check(follow, path, "debian", "gcc");
	strcpy(path + keep, "/debian:gcc");
	check(follow, path, NULL, NULL);
	tree_remove(&tree);
}

TEST(test_invocation_resolve__takes_a_path_of_any_length)
{
	size_t size = 3 * PATH_MAX;
	char *path = malloc(size), target[PATH_MAX];
	struct command command;

	tree_require(path, "memory");
	begin();
	memset(target, '/', sizeof(target));
	strcpy(target + sizeof(target) - 6, "debia");
	memcpy(target, "bin", 3);
	tree_link(&tree, target, "long");
	check_in_tree("long", NULL, NULL);
	for (size_t len = 0; len < size - 12; len += 101) {
		memset(path, '/', len);
		strcpy(path + len, "debian:gcc");
		invocation_resolve(path, path, &command);
		memset(path, 'd', len);
		invocation_resolve(path, path, &command);
		CHECK(!invocation_spelled(path, path, &command));
	}
	check(follow, "", NULL, NULL);
	tree_remove(&tree);
	free(path);
}

/* Both as AT_EXECFN and as argv[0]. */
static void check_spelled(const char *path, const char *container, const char *program)
{
	struct command command;
	bool is_command = container != NULL;

	if (!CHECK(invocation_spelled(path, "other", &command) == (is_command ? path : NULL)) ||
	    !CHECK(invocation_spelled("/home/me/script", path, &command) ==
		   (is_command ? path : NULL)) ||
	    (is_command &&
	     (!CHECK_STR(command.container, container) || !CHECK_STR(command.program, program))))
		printf("\"%s\"\n", path);
}

TEST(test_invocation_spelled__takes_names_in_the_command_directory)
{
	check_spelled(PATH_LINKSDIR "/debian:gcc", "debian", "gcc");
	check_spelled(PATH_LINKSDIR "/debian/gcc", "debian", "gcc");
	check_spelled(PATH_LINKSDIR "/debian/arch:gcc", "debian", "arch:gcc");
	check_spelled(PATH_LINKSDIR "x/debian:gcc", NULL, NULL);
	check_spelled("x" PATH_LINKSDIR "/debian:gcc", NULL, NULL);
	check_spelled("/x" PATH_LINKSDIR "/debian:gcc", NULL, NULL);
	check_spelled("-" PATH_LINKSDIR "/debian:gcc", NULL, NULL);
	check_spelled(PATH_LINKSDIR "/../debian:gcc", NULL, NULL);
	check_spelled(PATH_LINKSDIR "/./debian:gcc", NULL, NULL);
	check_spelled(PATH_LINKSDIR "//debian:gcc", NULL, NULL);
	check_spelled(PATH_LINKSDIR "/debian/../debian:gcc", NULL, NULL);
	check_spelled(PATH_LINKSDIR "/debian//gcc", NULL, NULL);
	check_spelled(PATH_LINKSDIR "/debian/bin/gcc", NULL, NULL);
	check_spelled(PATH_LINKSDIR "/gcc", NULL, NULL);
	check_spelled(PATH_LINKSDIR "/debian/", NULL, NULL);
	check_spelled(PATH_LINKSDIR "/debian/..", NULL, NULL);
	check_spelled(PATH_LINKSDIR "/", NULL, NULL);
	check_spelled(PATH_LINKSDIR, NULL, NULL);
	check_spelled("debian:gcc", NULL, NULL);
	check_spelled("-debian:gcc", NULL, NULL);
	check_spelled("/home/me/debian:gcc", NULL, NULL);
	check_spelled("", NULL, NULL);
}

TEST(test_invocation_spelled__takes_the_path_first)
{
	struct command command;

	CHECK(invocation_spelled(PATH_LINKSDIR "/debian:gcc", PATH_LINKSDIR "/arch:cc", &command));
	CHECK_STR(command.container, "debian");
	CHECK_STR(command.program, "gcc");
}

TEST(test_invocation_is_descriptor__of_what_a_descriptor_is_executed_by)
{
	CHECK(invocation_is_descriptor("/dev/fd/3"));
	CHECK(invocation_is_descriptor("/dev/fd/3/debian:gcc"));
	CHECK(invocation_is_descriptor("/proc/self/fd/3"));
	CHECK(invocation_is_descriptor("/proc/1/root/x"));
	CHECK(!invocation_is_descriptor("/dev/fdx/3"));
	CHECK(!invocation_is_descriptor("/procx/3"));
	CHECK(!invocation_is_descriptor("/home/me/debian:gcc"));
	CHECK(!invocation_is_descriptor("dev/fd/3"));
	CHECK(!invocation_is_descriptor(""));
}

/* A command directory, in a child's own root directory. */

static struct child_root root;

static void make_directories(const char *path)
{
	char *copy = strdup(path);

	tree_require(copy, "memory");
	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0755) < 0)
			tree_require(errno == EEXIST, copy);
		*slash = '/';
	}
	free(copy);
}

static void make_command(const char *path)
{
	make_directories(path);
	tree_require(symlink(PATH_EXECUTOR, path) == 0, path);
}

/* arch has a program that is called as if it were debian's. */
static void enter_linksdir(void)
{
	child_own_mounts();
	child_enter_root(&root);
	make_command(PATH_LINKSDIR "/debian:gcc");
	make_command(PATH_LINKSDIR "/debian/gcc");
	make_command(PATH_LINKSDIR "/debian/.hidden");
	make_command(PATH_LINKSDIR "/arch:debian:gcc");
	make_command(PATH_LINKSDIR "/arch/debian:gcc");
	make_directories("/home/bin/");
	tree_require(symlink(PATH_LINKSDIR "/debian/gcc", "/home/bin/cc") == 0 &&
			     symlink(PATH_LINKSDIR "/arch/debian:gcc", "/home/bin/x") == 0 &&
			     symlink(PATH_LINKSDIR "//debian//gcc", "/home/bin/y") == 0 &&
			     symlink(PATH_LINKSDIR, "/home/all") == 0 &&
			     symlink(PATH_LINKSDIR "/debian", "/home/debian") == 0 &&
			     symlink(PATH_LINKSDIR "/arch", "/home/arch") == 0,
		     "links");
}

static void follow_bare_names(void)
{
	enter_linksdir();
	check(follow, PATH_LINKSDIR "/debian:gcc", "debian", "gcc");
	check(follow, PATH_LINKSDIR "/debian/gcc", "debian", "gcc");
	check(follow, PATH_LINKSDIR "/arch/debian:gcc", "arch", "debian:gcc");
	check(follow, PATH_LINKSDIR "/arch:debian:gcc", "arch", "debian:gcc");
	check(follow, "/home/bin/cc", "debian", "gcc");
	check(follow, "/home/bin/x", "arch", "debian:gcc");
	check(follow, "/home/bin/y", "debian", "gcc");
	check(follow, PATH_LINKSDIR "/debian", NULL, NULL);
	check(follow, PATH_LINKSDIR "/", NULL, NULL);
	child_leave_root(&root);
}

TEST(test_invocation_resolve__takes_bare_names_in_the_command_directory)
{
	child_run(follow_bare_names, "no mount namespace can be had");
}

static void follow_through_links_to_directories(void)
{
	char path[sizeof(PATH_LINKSDIR) + 1000], name[NAME_MAX + 1];

	memset(name, 'n', NAME_MAX);
	name[NAME_MAX] = '\0';
	enter_linksdir();
	snprintf(path, sizeof(path), "%s/debian/%s", PATH_LINKSDIR, name);
	make_command(path);
	snprintf(path, sizeof(path), "/home/debian/%s", name);
	check(follow, path, "debian", name);
	check(follow, "/home/all/debian:gcc", "debian", "gcc");
	check(follow, "/home/all/debian/gcc", "debian", "gcc");
	check(follow, "/home/debian/gcc", "debian", "gcc");
	check(follow, "/home/debian/.hidden", "debian", ".hidden");
	check(follow, "/home/arch/debian:gcc", "arch", "debian:gcc");
	check(follow, "/home/debian/../debian:gcc", "debian", "gcc");
	child_leave_root(&root);
}

TEST(test_invocation_resolve__goes_through_links_to_its_directories)
{
	child_run(follow_through_links_to_directories, "no mount namespace can be had");
}

static void follow_from_within(void)
{
	enter_linksdir();
	tree_require(chdir(PATH_LINKSDIR "/debian") == 0, "chdir");
	check(follow, "./gcc", "debian", "gcc");
	check(follow, "gcc", "debian", "gcc");
	check(follow, "../debian:gcc", "debian", "gcc");
	check(follow, "../arch/debian:gcc", "arch", "debian:gcc");
	tree_require(chdir("../arch") == 0, "chdir");
	check(follow, "./debian:gcc", "arch", "debian:gcc");
	check(follow, "debian:gcc", "arch", "debian:gcc");
	tree_require(chdir("..") == 0, "chdir");
	check(follow, "./debian:gcc", "debian", "gcc");
	check(follow, "debian/gcc", "debian", "gcc");
	child_leave_root(&root);
}

TEST(test_invocation_resolve__takes_relative_paths_there)
{
	child_run(follow_from_within, "no mount namespace can be had");
}

/* PATH=/subsysbin/debian/ alone makes two slashes of it. */
static void follow_other_spellings(void)
{
	enter_linksdir();
	check(follow, PATH_LINKSDIR "//debian:gcc", "debian", "gcc");
	check(follow, PATH_LINKSDIR "/./debian:gcc", "debian", "gcc");
	check(follow, PATH_LINKSDIR "/debian/../debian:gcc", "debian", "gcc");
	check(follow, "/" PATH_LINKSDIR "/debian:gcc", "debian", "gcc");
	check(follow, PATH_LINKSDIR "/debian//gcc", "debian", "gcc");
	check(follow, PATH_LINKSDIR "//debian/gcc", "debian", "gcc");
	check(follow, PATH_LINKSDIR "/./debian/gcc", "debian", "gcc");
	check(follow, PATH_LINKSDIR "/debian/./gcc", "debian", "gcc");
	check(follow, PATH_LINKSDIR "/arch/../debian/gcc", "debian", "gcc");
	check(follow, "/" PATH_LINKSDIR "/debian/gcc", "debian", "gcc");
	check(follow, PATH_LINKSDIR "//arch/debian:gcc", "arch", "debian:gcc");
	check(follow, PATH_LINKSDIR "/arch//debian:gcc", "arch", "debian:gcc");
	check(follow, PATH_LINKSDIR "/./arch/debian:gcc", "arch", "debian:gcc");
	child_leave_root(&root);
}

TEST(test_invocation_resolve__takes_every_spelling_of_a_path_there)
{
	child_run(follow_other_spellings, "no mount namespace can be had");
}

TEST(test_invocation_from_name__takes_names_and_login_shells)
{
	check(invocation_from_name, "debian:ls", "debian", "ls");
	check(invocation_from_name, "-debian:bash", "debian", "bash");
	check(invocation_from_name, "debian:-x", "debian", "-x");
	check(invocation_from_name, PATH_LINKSDIR "/debian:perl", NULL, NULL);
	check(invocation_from_name, "-" PATH_LINKSDIR "/debian/bash", NULL, NULL);
	check(invocation_from_name, "./debian:ls", NULL, NULL);
	check(invocation_from_name, "bash", NULL, NULL);
	check(invocation_from_name, "-bash", NULL, NULL);
	check(invocation_from_name, "-", NULL, NULL);
	check(invocation_from_name, "", NULL, NULL);
	check(invocation_from_name, "/bin/sh", NULL, NULL);
	check(invocation_from_name, "--debian:bash", NULL, NULL);
}

/*
 * That PATH and ARGV0 name the command PROGRAM of debian by the one that is
 * EXPECTED; NULL: none.
 */
static void check_resolved(const char *path, const char *argv0, const char *expected,
			   const char *program)
{
	struct command command;
	const char *named_by = invocation_resolve(path, argv0, &command);

	if (!CHECK_STR(named_by ? named_by : "", expected ? expected : "") ||
	    (expected && !CHECK_STR(command.program, program)))
		printf("\"%s\" as \"%s\"\n", path, argv0);
}

/* The kernel has put the interpreter there, which may be the user's link. */
TEST(test_invocation_resolve__follows_argv0_of_a_script)
{
	char *script, *cc, *loop;

	begin();
	tree_link(&tree, "../debian:gcc", "bin/cc");
	tree_link(&tree, "loop", "loop");
	tree_file(&tree, "script", 0755, "");
	script = tree_path(&tree, "script");
	cc = tree_path(&tree, "bin/cc");
	loop = tree_path(&tree, "loop");
	check_resolved(script, cc, cc, "gcc");
	check_resolved(script, "debian:perl", "debian:perl", "perl");
	check_resolved(script, script, NULL, NULL);
	check_resolved(script, loop, NULL, NULL);
	/* It leads to a command itself. */
	check_resolved(cc, script, cc, "gcc");
	free(loop);
	free(cc);
	free(script);
	tree_remove(&tree);
}

/*
 * The caller of lslExecutor chooses it, and a rule may allow that caller one
 * command only.
 */
TEST(test_invocation_resolve__follows_no_other_argv0)
{
	char *cc, own[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", own, sizeof(own) - 1);

	tree_require(len > 0, "/proc/self/exe");
	own[len] = '\0';
	begin();
	tree_link(&tree, "../debian:gcc", "bin/cc");
	cc = tree_path(&tree, "bin/cc");
	check_resolved("/dev/fd/1000", cc, NULL, NULL);
	check_resolved("/no/such/file", cc, NULL, NULL);
	check_resolved("/dev/fd/1000", "debian:ls", "debian:ls", "ls");
	if (access(own, F_OK) == 0 && strcmp(own, PATH_EXECUTOR) != 0) {
		struct stat named, running;

		if (stat(own, &named) == 0 && stat("/proc/self/exe", &running) == 0 &&
		    named.st_ino == running.st_ino) {
			check_resolved(own, cc, NULL, NULL);
			check_resolved(own, "debian:ls", "debian:ls", "ls");
		}
	}
	free(cc);
	tree_remove(&tree);
}

/* It was searched in PATH, so a file here is unrelated. */
TEST(test_invocation_resolve__a_name_is_no_path)
{
	int dir = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	begin();
	tree_file(&tree, "debian:file", 0755, "");
	tree_link(&tree, "debian:gcc", "cc");
	tree_link(&tree, "debian:gcc", "debian:cc");
	tree_require(dir >= 0 && fchdir(tree.fd) == 0, "chdir");
	check_resolved("/dev/fd/1000", "debian:file", "debian:file", "file");
	check_resolved("/dev/fd/1000", "debian:cc", "debian:cc", "cc");
	check_resolved("/dev/fd/1000", "cc", NULL, NULL);
	check_resolved("/dev/fd/1000", "./cc", NULL, NULL);
	tree_require(fchdir(dir) == 0, "chdir");
	close(dir);
	tree_remove(&tree);
}

/* The argv[0] of debian:bash when it is executed by PATH as ARGV0. */
static void check_argv0(const char *path, const char *argv0, const char *expected)
{
	struct command command = {.container = "debian", .program = "bash"};
	char *name = malloc(NAME_MAX + 2);

	tree_require(name, "memory");
	if (!CHECK_STR(invocation_program_argv0(path, argv0, &command, name), expected))
		printf("\"%s\" as \"%s\"\n", path, argv0);
	free(name);
}

TEST(test_invocation_program_argv0__is_the_programs_bare_name)
{
	static const char path[] = PATH_LINKSDIR "/debian:bash";
	static const char bare[] = PATH_LINKSDIR "/debian/bash";

	check_argv0(path, path, "bash");
	check_argv0(path, "debian:bash", "bash");
	check_argv0(path, "./debian:bash", "bash");
	check_argv0(bare, bare, "bash");
	check_argv0(bare, "bash", "bash");
	check_argv0("./bash", "bash", "bash");
	check_argv0("/home/me/sh", "sh", "bash");
	check_argv0("/home/me/sh", "/home/me/sh", "bash");
	check_argv0("/home/me/sh", "debian:bash", "bash");
	/* Of a script, the interpreter's path. */
	check_argv0("/home/me/script", path, "bash");
	check_argv0("/home/me/script", bare, "bash");
	check_argv0("/dev/fd/3", "debian:bash", "bash");
}

TEST(test_invocation_program_argv0__has_a_dash_for_a_login_shell)
{
	static const char path[] = PATH_LINKSDIR "/debian:bash";

	check_argv0(path, "-debian:bash", "-bash");
	check_argv0(PATH_LINKSDIR "/debian/bash", "-bash", "-bash");
	check_argv0("/home/me/sh", "-sh", "-bash");
	check_argv0(path, "-" PATH_LINKSDIR "/debian:bash", "-bash");
	check_argv0("debian:bash", "-debian:bash", "-bash");
}

TEST(test_invocation_program_argv0__is_the_callers_choice)
{
	static const char path[] = PATH_LINKSDIR "/debian:bash";

	check_argv0(path, "other", "other");
	check_argv0(path, "-other", "-other");
	check_argv0(path, "bash", "bash");
	check_argv0(path, "-bash", "-bash");
	check_argv0(path, "arch:bash", "arch:bash");
	check_argv0(path, "debian:sh", "debian:sh");
	check_argv0(path, "-arch:bash", "-arch:bash");
	check_argv0(path, "--debian:bash", "--debian:bash");
	check_argv0(path, "/bin/sh", "/bin/sh");
	check_argv0(path, "-", "-");
	check_argv0(path, "", "");
	check_argv0("/home/me/sh", "bash", "bash");
}

TEST(test_invocation_program_argv0__has_room_for_the_longest_name)
{
	struct command command = {.container = "debian"};
	char *name = malloc(NAME_MAX + 2), argv0[NAME_MAX + 10], path[NAME_MAX + 10];

	tree_require(name, "memory");
	memset(command.program, 'n', NAME_MAX);
	snprintf(argv0, sizeof(argv0), "-%s", command.program);
	snprintf(path, sizeof(path), "/x/%s", command.program);
	CHECK_STR(invocation_program_argv0(path, argv0, &command, name), argv0);
	CHECK_STR(invocation_program_argv0(path, argv0 + 1, &command, name), argv0 + 1);
	free(name);
}

/* They may begin with a dash, like a login shell's. */
TEST(test_invocation_program_argv0__keeps_the_dash_of_a_name)
{
	struct command command = {.container = "debian", .program = "-x"};
	char name[NAME_MAX + 2];

	CHECK_STR(invocation_program_argv0(PATH_LINKSDIR "/debian/-x", "-x", &command, name), "-x");
	CHECK_STR(invocation_program_argv0(PATH_LINKSDIR "/debian:-x", "debian:-x", &command, name),
		  "-x");
	CHECK_STR(invocation_program_argv0(PATH_LINKSDIR "/debian:-x", "-debian:-x", &command,
					   name),
		  "--x");
	CHECK_STR(invocation_program_argv0(PATH_LINKSDIR "/debian/-x", "--x", &command, name),
		  "--x");
}
