/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A distribution in one file, for tests with programs of another architecture:
 * it has many names, and its name selects what it does. It needs only a static
 * C library, and prints nothing that depends on the architecture.
 *
 *	show [ARG...]	prints what a program finds: argv, AT_EXECFN, some of
 *			the environment, its directory, ids
 *	run FILE ARG0 [ARG...]	executes FILE with that argv[0]
 *	status N	exits with it
 *	die N		ends by that signal
 *	gen N		prints the numbers up to N, one a line
 *	add N, keep N	adds N to each line's number; keeps the multiples of N
 *	sum		adds all of them up
 *	pass		copies standard input
 *	machine		prints the kernel's name for the machine, as emulated
 *	sh -c LINE	runs a line
 *	sh FILE [ARG...]	runs each line of a file, but for those that are
 *			empty or begin with '#'
 *
 * The shell knows words, "|", "exec", and "$1" to "$9"; its status is that of
 * the last program of the last line.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS_MAX 64

static void show(int argc, char **argv)
{
	const char *var = getenv("LSL_TEST_VAR"), *path = getenv("PATH"),
		   *own = getenv("LSL_CONTAINER");
	char directory[4096];
	int i;

	for (i = 0; i < argc; i++)
		printf("argv[%d]=%s\n", i, argv[i]);
	printf("execfn=%s\n", (const char *)getauxval(AT_EXECFN));
	printf("LSL_TEST_VAR=%s\nPATH=%s\nLSL_CONTAINER=%s\n", var ? var : "(unset)",
	       path ? path : "(unset)", own ? own : "(unset)");
	printf("directory=%s\n", getcwd(directory, sizeof(directory)));
	printf("ids=%d %d\n", (int)getuid(), (int)geteuid());
}

static void filter(const char *name, long n)
{
	long value, sum = 0;

	while (scanf("%ld", &value) == 1) {
		sum += value;
		if (strcmp(name, "add") == 0)
			printf("%ld\n", value + n);
		else if (strcmp(name, "keep") == 0 && value % n == 0)
			printf("%ld\n", value);
	}
	if (strcmp(name, "sum") == 0)
		printf("%ld\n", sum);
}

static void pass(void)
{
	char block[4096];
	size_t n;

	while ((n = fread(block, 1, sizeof(block), stdin)) > 0)
		fwrite(block, 1, n, stdout);
}

/* Executes the words between two bars. Never returns. */
static void exec_words(char **words)
{
	if (words[0] && strcmp(words[0], "exec") == 0)
		words++;
	execvp(words[0], words);
	fprintf(stderr, "sh: cannot execute %s\n", words[0]);
	_exit(127);
}

static int wait_for(pid_t last)
{
	int status, of_last = 0;
	pid_t pid;

	while ((pid = wait(&status)) > 0)
		if (pid == last)
			of_last = WIFSIGNALED(status) ? 128 + WTERMSIG(status)
						      : WEXITSTATUS(status);
	return of_last;
}

static int run_pipeline(char **words)
{
	int ends[2], in = dup(0), i;
	pid_t pid = 0;

	if (words[0] && strcmp(words[0], "exec") == 0)
		exec_words(words);
	while (*words) {
		for (i = 0; words[i] && strcmp(words[i], "|") != 0; i++)
			;
		ends[0] = ends[1] = -1;
		if (words[i] && pipe(ends) < 0)
			exit(99);
		pid = fork();
		if (pid == 0) {
			dup2(in, 0);
			if (ends[1] >= 0)
				dup2(ends[1], 1);
			close(in);
			close(ends[0]);
			close(ends[1]);
			words[i] = NULL;
			exec_words(words);
		}
		close(in);
		close(ends[1]);
		in = ends[0];
		words += words[i] ? i + 1 : i;
	}
	close(in);
	return wait_for(pid);
}

static int run_line(char *line, char **args)
{
	char *words[WORDS_MAX], *word;
	int count = 0;

	for (word = strtok(line, " \t\n"); word && count < WORDS_MAX - 1;
	     word = strtok(NULL, " \t\n"))
		words[count++] = word[0] == '$' ? args[word[1] - '0'] : word;
	words[count] = NULL;
	return count && words[0][0] != '#' ? run_pipeline(words) : 0;
}

static int shell(char **argv)
{
	char line[4096];
	int status = 0;
	FILE *file;

	if (argv[1] && strcmp(argv[1], "-c") == 0)
		return run_line(argv[2], argv + 2);
	file = argv[1] ? fopen(argv[1], "re") : stdin;
	if (!file)
		return 127;
	while (fgets(line, sizeof(line), file))
		status = run_line(line, argv + 1);
	return status;
}

int main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/'), *name = slash ? slash + 1 : argv[0];
	long n = argc > 1 ? strtol(argv[1], NULL, 10) : 0, i;
	struct utsname names;

	if (*name == '-')
		name++;
	if (strcmp(name, "sh") == 0)
		return shell(argv);
	if (strcmp(name, "status") == 0)
		return (int)n;
	if (strcmp(name, "die") == 0)
		return kill(getpid(), (int)n);
	if (strcmp(name, "run") == 0 && argc > 2)
		return execv(argv[1], argv + 2);
	if (strcmp(name, "machine") == 0 && uname(&names) == 0)
		puts(names.machine);
	else if (strcmp(name, "pass") == 0)
		pass();
	else if (strcmp(name, "gen") == 0)
		for (i = 1; i <= n; i++)
			printf("%ld\n", i);
	else if (strcmp(name, "add") == 0 || strcmp(name, "keep") == 0 || strcmp(name, "sum") == 0)
		filter(name, n);
	else
		show(argc, argv);
	return fflush(stdout) == 0 ? 0 : 1;
}
