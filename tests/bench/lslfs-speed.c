/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The speed of the command directory against a directory with the same links on
 * disk. Each operation is done in both, by turns. Prints the medians and their
 * ratio:
 *
 *	lslfs-speed COMMANDS NATIVE CONTAINER BINS...
 *
 * COMMANDS is the command directory, NATIVE holds a link of the same name for
 * each of its entries, CONTAINER is a container in it, BINS are the directories
 * of the container's programs (for the comparison with find).
 *
 *	what	native_us	ours_us	ratio
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	ROUNDS = 21,
	NAMES = 2000
};

static const char *dirs[2]; /* native, ours */
static const char *container;
static char names[NAMES][300]; /* of commands that are there */
static size_t name_count;

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare);
	return values[count / 2];
}

static void report(const char *what, double native, double ours)
{
	printf("%-28s native %10.1f us  ours %10.1f us  ratio %5.2f\n", what, native, ours,
	       ours / native);
	fflush(stdout);
}

/* Each step does it once in DIR. */
static void by_turns(const char *what, void (*step)(const char *dir), int rounds,
		     unsigned int per_step)
{
	double times[2][ROUNDS], start;
	int i, which;

	for (which = 0; which < 2; which++)
		step(dirs[which]);
	for (i = 0; i < rounds; i++) {
		for (which = 0; which < 2; which++) {
			start = now();
			step(dirs[which]);
			times[which][i] = (now() - start) / per_step;
		}
	}
	report(what, median(times[0], (size_t)rounds), median(times[1], (size_t)rounds));
}

static void run(const char *const *argv)
{
	pid_t pid = vfork();
	int status;

	if (pid == 0) {
		execvp(argv[0], (char *const *)(unsigned long)argv);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) < 0 || status != 0)
		errx(1, "%s %s: status %d", argv[0], argv[1], status);
}

static void list_plain(const char *dir)
{
	const char *argv[] = {"ls", "-U", dir, NULL};

	run(argv);
}

static void list_long(const char *dir)
{
	const char *argv[] = {"ls", "-l", dir, NULL};

	run(argv);
}

static void complete_bash(const char *dir)
{
	char command[600];
	const char *argv[] = {"bash", "--norc", "-c", command, NULL};

	snprintf(command, sizeof(command),
		 "PATH=%s; compgen -c %.2s | wc -l >/dev/null 2>&1; :", dir, container);
	run(argv);
}

static void complete_zsh(const char *dir)
{
	char command[600];
	const char *argv[] = {"zsh", "-f", "-c", command, NULL};

	snprintf(command, sizeof(command), "path=(%s); hash -f; : ${#commands}", dir);
	run(argv);
}

/* lslExecutor either way: what differs is the link. */
static void execute(const char *dir)
{
	char path[4096];
	const char *argv[] = {path, NULL};

	snprintf(path, sizeof(path), "%s/%s:true", dir, container);
	run(argv);
}

static void look_up(const char *dir)
{
	struct stat st;
	char path[4096];
	size_t i;

	for (i = 0; i < name_count; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		if (lstat(path, &st) < 0)
			err(1, "%s", path);
	}
}

static void read_links(const char *dir)
{
	char path[4096], target[600];
	size_t i;

	for (i = 0; i < name_count; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		if (readlink(path, target, sizeof(target)) < 0)
			err(1, "%s", path);
	}
}

static void miss(const char *dir, const char *format, size_t count)
{
	char path[4096], name[300];
	struct stat st;
	size_t i;

	for (i = 0; i < count; i++) {
		snprintf(name, sizeof(name), format, i);
		snprintf(path, sizeof(path), "%s/%s", dir, name);
		if (lstat(path, &st) == 0 || errno != ENOENT)
			errx(1, "%s is there", path);
	}
}

static void miss_plain(const char *dir)
{
	miss(dir, "no-such-program-%zu", NAMES);
}

static void miss_command(const char *dir)
{
	char format[100];

	snprintf(format, sizeof(format), "%s:no-such-program-%%zu", container);
	miss(dir, format, NAMES);
}

static void collect(void)
{
	const struct dirent *entry;
	DIR *dir = opendir(dirs[0]);

	if (!dir)
		err(1, "%s", dirs[0]);
	while (name_count < NAMES && (entry = readdir(dir)))
		if (strchr(entry->d_name, ':'))
			strcpy(names[name_count++], entry->d_name);
	closedir(dir);
}

static void against_find(char *const *bins)
{
	const char *find[16] = {"find", "-L"}, *list[] = {"ls", "-U", dirs[1], NULL};
	double times[2][ROUNDS], start;
	int i, count = 2;

	for (; *bins && count < 10; bins++)
		find[count++] = *bins;
	find[count++] = "-maxdepth";
	find[count++] = "1";
	find[count++] = "-perm";
	find[count++] = "/111";
	find[count++] = "-type";
	find[count++] = "f";
	find[count] = NULL;
	for (i = 0; i < ROUNDS; i++) {
		start = now();
		run(find);
		times[0][i] = now() - start;
		start = now();
		run(list);
		times[1][i] = now() - start;
	}
	report("ls -U against find bins", median(times[0], ROUNDS), median(times[1], ROUNDS));
}

int main(int argc, char *argv[])
{
	FILE *out;
	int null;

	if (argc < 4)
		errx(2, "usage: lslfs-speed COMMANDS NATIVE CONTAINER BINS...");
	dirs[0] = argv[2];
	dirs[1] = argv[1];
	container = argv[3];
	/* The programs' output is discarded; ours is not. */
	out = fdopen(dup(1), "w");
	null = open("/dev/null", O_WRONLY);
	if (!out || null < 0 || dup2(null, 1) < 0)
		err(1, "/dev/null");
	stdout = out;
	setenv("LSL_QUIET", "1", 1);
	collect();
	by_turns("ls -U", list_plain, ROUNDS, 1);
	by_turns("ls -l", list_long, ROUNDS, 1);
	by_turns("lookup, warm", look_up, ROUNDS, (unsigned int)name_count);
	by_turns("readlink, warm", read_links, ROUNDS, (unsigned int)name_count);
	by_turns("miss, no colon", miss_plain, ROUNDS, NAMES);
	by_turns("miss, a command's name", miss_command, ROUNDS, NAMES);
	by_turns("exec through the link", execute, ROUNDS, 1);
	by_turns("completion, bash", complete_bash, 3, 1);
	if (access("/bin/zsh", X_OK) == 0)
		by_turns("completion, zsh", complete_zsh, 3, 1);
	if (argc > 4)
		against_find(argv + 4);
	return 0;
}
