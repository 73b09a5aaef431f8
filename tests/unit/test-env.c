/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Only an executed process can check the environment that a program gets. So
 * this program executes itself again:
 *
 *	test-env --collect COUNT NAME... [ARG...]
 *
 * takes the COUNT variables NAME out of environ, and puts another string in the
 * place of GLIBC_TUNABLES, as the C library does in a setuid program, then
 * collects, takes LD_ variables out unless it is called "all", sets LAST to 1,
 * and prints all with a '|' after each, as lists are written here.
 */
#include "config.h"
#include "env.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena.h"
#include "tree.h"
#include "unit.h"

/* Used memory is not zero. */
static void make_dirty(void)
{
	size_t size = 100000;
	void *room = arena_alloc(size);

	memset(room, 'x', size);
	arena_trim(room, 0);
}

static int collect_and_print(int argc, char **argv)
{
	static struct env all; /* reachable until the end */
	int count = atoi(argv[2]);

	for (int i = 0; i < count; i++)
		unsetenv(argv[3 + i]);
	for (char **var = environ; *var; var++)
		if (strncmp(*var, "GLIBC_TUNABLES=", 15) == 0)
			*var = strdup("GLIBC_TUNABLES=");
	make_dirty();
	env_collect(argc, argv, environ, &all);
	if (strcmp(argv[0], "all") != 0)
		env_remove(&all, "LD_");
	env_set(&all, "LAST", "1");
	for (size_t i = 0; i < all.count; i++)
		printf("%s|", all.vars[i]);
	return all.vars[all.count] != NULL;
}

static char *own_path(void)
{
	static char path[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);

	tree_require(len > 0, "/proc/self/exe");
	path[len] = '\0';
	return path;
}

/* Runs this program with ARGV and VARS; what it prints, to be freed. */
static char *run(char *const *argv, char *const *vars)
{
	size_t size = 1 << 20, len = 0;
	char *text = malloc(size);
	int fds[2], status = 0;
	ssize_t n;
	pid_t pid;

	tree_require(text && pipe(fds) == 0, "pipe");
	pid = fork();
	tree_require(pid >= 0, "fork");
	if (pid == 0) {
		if (dup2(fds[1], STDOUT_FILENO) >= 0)
			execve(own_path(), argv, vars);
		_exit(1);
	}
	close(fds[1]);
	while (len < size - 1 && (n = read(fds[0], text + len, size - 1 - len)) > 0)
		len += (size_t)n;
	text[len] = '\0';
	close(fds[0]);
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK_INT(status, 0);
	return text;
}

/*
 * The strings in TEXT that have a '|' after them, then NULL. To be freed with
 * free_list.
 */
static char **split(const char *text)
{
	char **list = calloc(strlen(text) + 1, sizeof(*list)), **next = list;
	const char *end;

	tree_require(list, "memory");
	for (; (end = strchr(text, '|')); text = end + 1)
		tree_require((*next++ = strndup(text, (size_t)(end - text))), "memory");
	return list;
}

static void free_list(char **list)
{
	for (size_t i = 0; list[i]; i++)
		free(list[i]);
	free(list);
}

/*
 * Of a process called ARGV0 with arguments ARGS and VARS, from which the
 * library has removed TAKEN.
 */
static void check_collected_as(const char *argv0, const char *vars, const char *taken,
			       const char *args, const char *expected)
{
	char **env = split(vars), **argv, *text, *line, *all;
	int count = 0;

	for (const char *s = taken; *s; s++)
		count += *s == '|';
	tree_require(asprintf(&line, "%s|--collect|%d|%s%s", argv0, count, taken, args) > 0,
		     "memory");
	argv = split(line);
	text = run(argv, env);
	tree_require(asprintf(&all, "%sLAST=1|", expected) > 0, "memory");
	CHECK_STR(text, all);
	free(all);
	free(text);
	free_list(argv);
	free_list(env);
	free(line);
}

static void check_collected(const char *vars, const char *taken, const char *args,
			    const char *expected)
{
	check_collected_as("test-env", vars, taken, args, expected);
}

TEST(test_env_collect__passes_all_on_in_order)
{
	static const char vars[] = "PATH=/bin|HOME=/root|A=1|B=|C=a b=c|D=\303\274\n|_=x|Z=0|z=1|"
				   "1=2|BASH_FUNC_f%%=() { :; }|A=second|no equals sign|=x||A=1|";

	check_collected(vars, "", "", vars);
}

TEST(test_env_collect__gives_back_what_the_library_took)
{
	static const char vars[] = "TMPDIR=/t|PATH=/bin|TZDIR=/z|LOCPATH=|MALLOC_CHECK_=3|A=1|"
				   "TMPDIR=/second|GCONV_PATH=/g|";

	check_collected(vars, "TMPDIR|", "", vars);
	check_collected(vars, "TMPDIR|TZDIR|LOCPATH|MALLOC_CHECK_|GCONV_PATH|", "", vars);
	check_collected(vars, "TMPDIR|TZDIR|LOCPATH|MALLOC_CHECK_|GCONV_PATH|PATH|A|", "", vars);
}

TEST(test_env_collect__gives_back_what_the_library_changed)
{
	static const char vars[] = "TMPDIR=/t|GLIBC_TUNABLES=glibc.malloc.check=3|A=1|";

	check_collected(vars, "TMPDIR|", "", vars);
	check_collected("GLIBC_TUNABLES=x=y|", "", "", "GLIBC_TUNABLES=x=y|");
}

/* lslExecutor, executed once more, takes them out itself. */
TEST(test_env_collect__passes_on_what_speaks_to_the_loader)
{
	static const char vars[] = "LD_PRELOAD=|A=1|LD_LIBRARY_PATH=/|";

	check_collected_as("all", vars, "LD_PRELOAD|LD_LIBRARY_PATH|", "", vars);
}

TEST(test_env_remove__takes_out_what_speaks_to_the_loader)
{
	check_collected("LD_PRELOAD=|A=1|LD_LIBRARY_PATH=/|LD_=x|LD_AUDIT|B=2|LD_BIND_NOW=|", "",
			"", "A=1|B=2|");
	check_collected("LD_PRELOAD=|A=1|LD_LIBRARY_PATH=/|", "LD_PRELOAD|LD_LIBRARY_PATH|", "",
			"A=1|");
	check_collected("LD_PRELOAD=|", "", "", "");
	check_collected("LD=ld|LDFLAGS=-s|ld_x=1|XLD_A=LD_B=|LD|", "", "",
			"LD=ld|LDFLAGS=-s|ld_x=1|XLD_A=LD_B=|LD|");
}

TEST(test_env_collect__takes_an_empty_environment)
{
	check_collected("", "", "", "");
	check_collected("|", "", "", "|");
	check_collected("A=1|", "A|", "", "A=1|");
}

TEST(test_env_collect__takes_no_argument_for_a_variable)
{
	check_collected("A=1|B=2|", "A|", "B=3|", "A=1|B=2|");
	check_collected("A=1|B=2|", "A|", "|", "A=1|B=2|");
	check_collected("A=1|B=2|", "A|", "x||", "A=1|B=2|");
	check_collected("", "", "C=3||", "");
}

TEST(test_env_collect__passes_much_on)
{
	char *vars = NULL;
	size_t size;
	FILE *out = open_memstream(&vars, &size);

	tree_require(out, "memory");
	fprintf(out, "LONG=%0100000d|", 0);
	for (int i = 0; i < 20000; i++)
		fprintf(out, "V%d=%d|", i, i);
	tree_require(fclose(out) == 0, "memory");
	check_collected(vars, "LONG|V0|V19999|", "", vars);
	free(vars);
}

/*
 * An environment of the test's own, which is not empty.
 */

static int own_argc;
static char **own_argv;
static struct env env;
static char **given;

static void collect(const char *vars)
{
	given = split(vars);
	make_dirty();
	env_collect(own_argc, own_argv, given, &env);
	env_remove(&env, "LD_");
}

static void check_environment(const char *expected)
{
	char text[1000] = "";

	for (size_t i = 0; i < env.count; i++) {
		strcat(text, env.vars[i]);
		strcat(text, "|");
	}
	CHECK_STR(text, expected);
	CHECK(env.vars[env.count] == NULL);
}

/* As in a process that a program has made in an unusual way. */
TEST(test_env_collect__takes_environ_where_the_block_is_elsewhere)
{
	collect("A=1|LD_PRELOAD=x|B=2|A=3|");
	check_environment("A=1|B=2|A=3|");
	free_list(given);
}

/* Also more of it than the process was given. */
TEST(test_env_collect__takes_an_environ_of_any_size)
{
	char vars[4 * 3000 + 1], name[16];

	for (int i = 0; i < 3000; i++)
		memcpy(vars + 4 * i, "A=1|", 5);
	collect(vars);
	CHECK_INT(env.count, 3000);
	for (int i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "B%d", i);
		env_set(&env, name, "2");
	}
	for (size_t i = 0; i < 3000; i++)
		CHECK_STR(env.vars[i], "A=1");
	CHECK_STR(env.vars[3001], "B1=2");
	free_list(given);
}

TEST(test_env_get__finds_the_first)
{
	collect("AB=0|A=1|A=2|B=|no|C=x=y|");
	CHECK_STR(env_get(&env, "A"), "1");
	CHECK_STR(env_get(&env, "AB"), "0");
	CHECK_STR(env_get(&env, "B"), "");
	CHECK_STR(env_get(&env, "C"), "x=y");
	CHECK_STR(env_get(&env, "no"), NULL);
	CHECK_STR(env_get(&env, "D"), NULL);
	CHECK_STR(env_get(&env, "ABC"), NULL);
	CHECK_STR(env_get(&env, "a"), NULL);
	CHECK_STR(env_get(&env, ""), NULL);
	free_list(given);
}

TEST(test_env_set__replaces_every_one)
{
	collect("PATH=/a|X=1|PATH=/b|PATHS=/c|PATH|PATH=|");
	env_set(&env, "PATH", "/new:/er");
	check_environment("PATH=/new:/er|X=1|PATH=/new:/er|PATHS=/c|PATH|PATH=/new:/er|");
	env_set(&env, "X", "");
	check_environment("PATH=/new:/er|X=|PATH=/new:/er|PATHS=/c|PATH|PATH=/new:/er|");
	free_list(given);
}

TEST(test_env_set__appends_new_ones)
{
	collect("A=1|");
	env_set(&env, "LSL_CONTAINER", "debian");
	env_set(&env, "A", "2");
	env_set(&env, "PATH", "/bin");
	check_environment("A=2|LSL_CONTAINER=debian|PATH=/bin|");
	env_set(&env, "LSL_CONTAINER", "arch");
	env_set(&env, "PWD", "/");
	env_set(&env, "B", "3");
	check_environment("A=2|LSL_CONTAINER=arch|PATH=/bin|PWD=/|B=3|");
	free_list(given);

	collect("LD_A=1|");
	env_set(&env, "A", "1");
	env_set(&env, "B", "2");
	check_environment("A=1|B=2|");
	free_list(given);
}

TEST(test_env_set__takes_a_value_of_any_length)
{
	char a[40] = "", b[40] = "";

	for (size_t len = 0; len < sizeof(a) - 1; len++) {
		collect("X=1|");
		memset(a, 'a', len);
		memset(b, 'b', len);
		env_set(&env, "A", a);
		env_set(&env, "B", b);
		env_set(&env, "X", "2");
		CHECK_STR(env_get(&env, "A"), a);
		CHECK_STR(env_get(&env, "B"), b);
		CHECK_STR(env_get(&env, "X"), "2");
		free_list(given);
	}
}

TEST(test_env_count__counts_to_a_hundred)
{
	static const char *const others[] = {"", "7", "123", "1x", "x1", "-1", "99 "};
	char *nothing[] = {NULL};
	unsigned int count;
	size_t i;

	env = (struct env){nothing, 0, 0};
	for (count = 1; count <= 99; count++)
		CHECK_INT(env_count(&env, "N"), count);
	CHECK_STR(env_get(&env, "N"), "99");
	CHECK_INT(env_count(&env, "N"), 100);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		env_set(&env, "N", others[i]);
		CHECK_INT(env_count(&env, "N"), 1);
		CHECK_STR(env_get(&env, "N"), "01");
	}
}

int main(int argc, char **argv)
{
	if (argc > 2 && strcmp(argv[1], "--collect") == 0)
		return collect_and_print(argc, argv);
	own_argc = argc;
	own_argv = argv;
	return unit_run();
}
