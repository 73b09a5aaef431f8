/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long commands take from fork to exit, against the first one:
 *
 *	startup RUNS [/N] COMMAND [ARG...] [-- [/N] COMMAND [ARG...]]...
 *
 * Each is run RUNS times, or one Nth of that, by turns, so that other load on
 * the machine affects all of them. The order is random in each round, because
 * the cost of a start depends on the program that ran before. Prints for each
 * the median, the fastest tenth, the ratio of the medians and the runs.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMANDS_MAX 32

extern char **environ;

struct command {
	char **argv;
	size_t every; /* in one of so many rounds it is run */
	double *us; /* one for each run */
	size_t runs;
};

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static double run_once(char **argv)
{
	double start = now_us();
	int status;
	pid_t pid;

	if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) != 0)
		errx(1, "cannot run %s", argv[0]);
	if (waitpid(pid, &status, 0) < 0)
		err(1, "waitpid");
	if (status != 0)
		errx(1, "%s: wait status %#x", argv[0], (unsigned int)status);
	return now_us() - start;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static size_t split(char **argv, struct command *commands)
{
	size_t count = 0;

	while (*argv) {
		if (count == COMMANDS_MAX)
			errx(2, "too many commands");
		commands[count].every = 1;
		if (argv[0][0] == '/' && argv[0][1] >= '1' && argv[0][1] <= '9')
			commands[count].every = strtoul(*argv++ + 1, NULL, 10);
		commands[count++].argv = argv;
		while (*argv && strcmp(*argv, "--") != 0)
			argv++;
		if (*argv)
			*argv++ = NULL;
	}
	return count;
}

/* Fisher and Yates's. The same draws in each run, random(3). */
static void shuffle(size_t *order, size_t count)
{
	size_t i, j, other;

	for (i = count; i > 1; i--) {
		j = (size_t)random() % i;
		other = order[i - 1];
		order[i - 1] = order[j];
		order[j] = other;
	}
}

/* Of round RUN. */
static void run_all(struct command *commands, size_t count, size_t run)
{
	size_t order[COMMANDS_MAX];
	struct command *command;
	size_t i;

	for (i = 0; i < count; i++)
		order[i] = i;
	shuffle(order, count);
	for (i = 0; i < count; i++) {
		command = &commands[order[i]];
		if (run % command->every == 0)
			command->us[command->runs++] = run_once(command->argv);
	}
}

static void print_results(struct command *commands, size_t count)
{
	double median, first = 0;
	size_t i, j;

	printf("%10s %10s %7s %6s  command\n", "median us", "10% us", "ratio", "runs");
	for (i = 0; i < count; i++) {
		const struct command *command = &commands[i];

		qsort(command->us, command->runs, sizeof(*command->us), compare);
		median = command->us[command->runs / 2];
		if (i == 0)
			first = median;
		printf("%10.1f %10.1f %7.2f %6zu ", median, command->us[command->runs / 10],
		       median / first, command->runs);
		for (j = 0; command->argv[j]; j++)
			printf(" %s", command->argv[j]);
		putchar('\n');
	}
}

int main(int argc, char **argv)
{
	struct command commands[COMMANDS_MAX];
	size_t count, runs, i, run;

	if (argc < 3 || (runs = strtoul(argv[1], NULL, 10)) < 1)
		errx(2, "usage: startup RUNS [/N] COMMAND [ARG...] [-- [/N] COMMAND [ARG...]]...");
	count = split(argv + 2, commands);
	for (i = 0; i < count; i++) {
		commands[i].runs = 0;
		commands[i].us = calloc(runs, sizeof(*commands[i].us));
		if (!commands[i].us)
			err(1, NULL);
		run_once(commands[i].argv);
	}
	for (run = 0; run < runs; run++)
		run_all(commands, count, run);
	print_results(commands, count);
	return 0;
}
