/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is a program that has just been installed there at the next look? Installs
 * one in each of the ways in which programs come into being, looks at once, removes it, and
 * looks until it is gone:
 *
 *	lslfs-fresh COMMANDS CONTAINER BINS TRIES [alone]
 *
 * BINS is a directory on the host that the container has as its first bins entry.
 * Unless alone, readers and installers of other programs run at the same time. Prints for each way the tries, the
 * looks that missed, and how long a removed name was still found; exits 1 if one missed
 * or if a removed one was listed.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *commands, *container, *bins;

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

struct path {
	char text[PATH_MAX];
};

static struct path in_bins(const char *name)
{
	struct path path;

	snprintf(path.text, sizeof(path.text), "%s/%s", bins, name);
	return path;
}

static void make(const char *name, mode_t mode)
{
	struct path path = in_bins(name);
	int fd = open(path.text, O_WRONLY | O_CREAT | O_EXCL, mode);

	if (fd < 0 || fchmod(fd, mode) < 0)
		err(2, "%s", path.text);
	close(fd);
}

static void create(const char *name)
{
	make(name, 0755);
}

/* dpkg, pacman and rpm: a temporary name, then into place. */
static void rename_into_place(const char *name)
{
	char temporary[NAME_MAX];

	snprintf(temporary, sizeof(temporary), "%s.dpkg-new", name);
	make(temporary, 0755);
	if (rename(in_bins(temporary).text, in_bins(name).text) < 0)
		err(2, "rename");
}

static void hard_link(const char *name)
{
	if (link(in_bins("original").text, in_bins(name).text) < 0)
		err(2, "link");
}

static void symbolic_link(const char *name)
{
	if (symlink("original", in_bins(name).text) < 0)
		err(2, "symlink");
}

static void make_executable(const char *name)
{
	make(name, 0644);
	if (chmod(in_bins(name).text, 0755) < 0)
		err(2, "chmod");
}

static void rename_over_file(const char *name)
{
	make(name, 0644);
	rename_into_place(name);
}

static void move_here(const char *name)
{
	char outside[PATH_MAX + 8];

	snprintf(outside, sizeof(outside), "%s.outside", bins);
	close(open(outside, O_WRONLY | O_CREAT, 0755));
	if (chmod(outside, 0755) < 0 || rename(outside, in_bins(name).text) < 0)
		err(2, "%s", outside);
}

static const struct way {
	const char *what;
	void (*install)(const char *name);
} ways[] = {
	{"created", create},           {"renamed into place", rename_into_place},
	{"hard link", hard_link},      {"symbolic link", symbolic_link},
	{"chmod +x", make_executable}, {"renamed over a file", rename_over_file},
	{"moved here", move_here},
};

static bool is_found(const char *dir, const char *prefix, const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s%s", dir, prefix, name);
	return lstat(path, &st) == 0;
}

static bool is_listed(const char *dir, const char *prefix, const char *name)
{
	char wanted[NAME_MAX + 64];
	const struct dirent *entry;
	bool found = false;
	DIR *stream = opendir(dir);

	if (!stream)
		return false;
	snprintf(wanted, sizeof(wanted), "%s%s", prefix, name);
	while ((entry = readdir(stream)))
		found |= strcmp(entry->d_name, wanted) == 0;
	closedir(stream);
	return found;
}

static char own_directory[PATH_MAX], prefix[64];

/* One of the four places that a program can be looked for in. */
static bool look(unsigned int where, const char *name)
{
	switch (where % 4) {
	case 0:
		return is_found(commands, prefix, name);
	case 1:
		return is_found(own_directory, "", name);
	case 2:
		return is_listed(commands, prefix, name);
	default:
		return is_listed(own_directory, "", name);
	}
}

/* How long after its removal the last look began that still found NAME, in milliseconds. */
static double remove_and_wait(const char *name)
{
	double start, begun, last = 0;

	if (unlink(in_bins(name).text) < 0)
		err(2, "unlink");
	start = now();
	for (;;) {
		begun = now();
		if (!is_found(commands, prefix, name) && !is_found(own_directory, "", name))
			return last;
		last = begun - start;
		if (last > 20000)
			return last;
	}
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static unsigned long try_way(const struct way *way, unsigned long tries)
{
	double *gone = calloc(tries, sizeof(*gone));
	unsigned long i, missed = 0, lingering = 0;
	char name[64];

	if (!gone)
		err(2, "calloc");

	for (i = 0; i < tries; i++) {
		/* A few names again and again: what is cached of an earlier one must not matter. */
		snprintf(name, sizeof(name), "fresh-%lu", i % 7);
		/* Half of the time the miss before it is looked at, too. */
		if (i % 2 && look((unsigned int)(i / 8), name))
			lingering++;
		way->install(name);
		if (!look((unsigned int)i, name)) {
			missed++;
			fprintf(stderr, "missed: %s, place %lu, %s\n", way->what, i % 4, name);
		}
		gone[i] = remove_and_wait(name);
		if (is_listed(i % 8 < 4 ? commands : own_directory, i % 8 < 4 ? prefix : "", name))
			lingering++;
	}
	qsort(gone, tries, sizeof(*gone), compare);
	printf("%-20s %7lu tries  %lu missed  %lu listed after removal  found for ms: median %.2f, 99 %% %.2f, all %.2f\n",
	       way->what, tries, missed, lingering, gone[tries / 2], gone[tries * 99 / 100],
	       gone[tries - 1]);
	fflush(stdout);
	free(gone);
	return missed + lingering;
}

static pid_t disturb(void (*how)(void))
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		how();
}

static void read_all(void)
{
	is_listed(commands, "", "");
	is_listed(own_directory, "", "");
	usleep(500);
}

/* Stops half-way, as find -quit does. */
static void read_some(void)
{
	DIR *dir = opendir(commands);
	int i;

	for (i = 0; dir && i < 3; i++)
		if (!readdir(dir))
			break;
	if (dir)
		closedir(dir);
	usleep(3000);
}

static void install_others(void)
{
	create("other");
	usleep(200);
	unlink(in_bins("other").text);
	usleep(5000);
}

int main(int argc, char *argv[])
{
	size_t i, count = sizeof(ways) / sizeof(ways[0]);
	unsigned long wrong = 0, tries;
	pid_t pids[3];

	if (argc < 5)
		errx(2, "usage: lslfs-fresh COMMANDS CONTAINER BINS TRIES [alone]");
	commands = argv[1];
	container = argv[2];
	bins = argv[3];
	tries = strtoul(argv[4], NULL, 10);
	snprintf(prefix, sizeof(prefix), "%s:", container);
	snprintf(own_directory, sizeof(own_directory), "%s/%s", commands, container);
	create("original");

	if (argc == 5) {
		pids[0] = disturb(read_all);
		pids[1] = disturb(read_some);
		pids[2] = disturb(install_others);
	}
	for (i = 0; i < count; i++)
		wrong += try_way(&ways[i], (tries + count - 1) / count);
	for (i = 0; i < 3 && argc == 5; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	unlink(in_bins("other").text);
	unlink(in_bins("original").text);
	return wrong != 0;
}
