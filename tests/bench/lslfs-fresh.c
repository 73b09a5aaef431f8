/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Does the next lookup find a program that has just been installed? Installs
 * one in each of the usual ways, looks at once, removes it in each of the usual
 * ways, and looks until it is no longer found:
 *
 *	lslfs-fresh COMMANDS CONTAINER BINS TRIES [alone]
 *
 * BINS is a directory on the host that the container has as its first bins
 * entry. Unless alone, readers and installers of other programs run at the same
 * time. Prints for each way of installing the tries and the lookups that
 * missed; and for each way of removing, for how long the name was still found,
 * next to the time that the machine takes to wake a process that only waits for
 * the change. Exits 1 if a lookup missed or if a removed program was listed.
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
#include <sys/inotify.h>
#include <sys/mman.h>
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

static const struct unsafe_place {
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
	char path[PATH_MAX + 256];
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

/* The beginning of the names of the tested programs. */
#define TRIED "fresh-"

/* One of the four places of a lookup. */
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

/*
 * The control: a process that only waits for events of inotify(7) in BINS, and
 * records their times.
 */
static struct {
	_Atomic unsigned long count; /* of tried programs that went */
	_Atomic double told; /* when it learned of the last one */
} * control;

static void run_control(void)
{
	union {
		struct inotify_event event;
		char bytes[8192];
	} buffer;
	const struct inotify_event *event;
	int queue = inotify_init1(IN_CLOEXEC);
	ssize_t n, i;

	if (queue < 0 ||
	    inotify_add_watch(queue, bins, IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB) < 0)
		err(2, "%s", bins);
	while ((n = read(queue, &buffer, sizeof(buffer))) > 0) {
		for (i = 0; i < n; i += (ssize_t)(sizeof(*event) + event->len)) {
			event = (const void *)(buffer.bytes + i);
			if (strncmp(event->name, TRIED, strlen(TRIED)) != 0)
				continue;
			control->told = now();
			control->count++;
		}
	}
}

/*
 * How long after START it got an event after the first SEEN, in milliseconds.
 */
static double wait_for_control(unsigned long seen, double start)
{
	while (control->count <= seen)
		usleep(100);
	return control->told > start ? control->told - start : 0;
}

/* The ways of removing a program. */

static void remove_it(const char *name)
{
	if (unlink(in_bins(name).text) < 0)
		err(2, "unlink");
}

static void rename_away(const char *name)
{
	if (rename(in_bins(name).text, in_bins("not-tried").text) < 0 ||
	    unlink(in_bins("not-tried").text) < 0)
		err(2, "rename");
}

static void hide(const char *name)
{
	make("not-tried", 0644);
	if (rename(in_bins("not-tried").text, in_bins(name).text) < 0)
		err(2, "rename");
}

static void make_unexecutable(const char *name)
{
	struct stat st;

	/* Another name of the original: that one stays as it is. */
	if (lstat(in_bins(name).text, &st) < 0 || !S_ISREG(st.st_mode) || st.st_nlink > 1)
		hide(name);
	else if (chmod(in_bins(name).text, 0644) < 0)
		err(2, "chmod");
}

static struct end {
	const char *what;
	void (*go)(const char *name);
	size_t count;
	double *gone; /* for how long it was found */
	double *told; /* when the control learned of it */
} ends[] = {
	{.what = "removed", .go = remove_it},
	{.what = "renamed away", .go = rename_away},
	{.what = "chmod -x", .go = make_unexecutable},
	{.what = "replaced by a file", .go = hide},
};

enum {
	ENDS = sizeof(ends) / sizeof(ends[0])
};

/*
 * How long after START the last look began that still found NAME, in
 * milliseconds.
 */
static double wait_until_gone(const char *name, double start)
{
	double begun, last = 0;

	for (;;) {
		begun = now();
		if (!is_found(commands, prefix, name) && !is_found(own_directory, "", name))
			return last;
		last = begun - start;
		if (last > 20000)
			return last;
	}
}

/* Whether NAME is listed afterwards. */
static bool end_it(struct end *end, const char *name, unsigned int where)
{
	unsigned long seen = control->count;
	bool is_there;
	double start;

	end->go(name);
	start = now();
	end->gone[end->count] = wait_until_gone(name, start);
	is_there = look(where % 2 ? 2 : 3, name);
	end->told[end->count++] = wait_for_control(seen, start);
	unlink(in_bins(name).text);
	return is_there;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void print_times(const char *what, double *times, size_t count)
{
	size_t over = 0, i;

	qsort(times, count, sizeof(*times), compare);
	for (i = 0; i < count; i++)
		over += times[i] > 10;
	printf("  %-10s median %6.2f  90 %% %6.2f  99 %% %6.2f  99.9 %% %6.2f  all %6.2f  over 10 ms: %zu of %zu\n",
	       what, times[count / 2], times[count * 9 / 10], times[count * 99 / 100],
	       times[count * 999 / 1000], times[count - 1], over, count);
}

static unsigned long try_way(const struct unsafe_place *way, unsigned long tries)
{
	unsigned long i, missed = 0, lingering = 0;
	char name[64];

	for (i = 0; i < tries; i++) {
		/*
		 * The same few names again and again, because the cache of an
		 * earlier one must not matter.
		 */
		snprintf(name, sizeof(name), TRIED "%lu", i % 7);
		/*
		 * Half of the time the miss before it is looked at, too. A
		 * lookup may find it for a while: a name that comes with a
		 * listing just being answered is kept.
		 */
		if (i % 2 && look((unsigned int)(i / 8), name) && i / 8 % 4 >= 2)
			lingering++;
		way->install(name);
		if (!look((unsigned int)i, name)) {
			missed++;
			fprintf(stderr, "missed: %s, place %lu, %s\n", way->what, i % 4, name);
		}
		lingering += end_it(&ends[i / 4 % ENDS], name, (unsigned int)(i / 16));
	}
	printf("%-20s %7lu tries  %lu missed  %lu listed after it went\n", way->what, tries, missed,
	       lingering);
	fflush(stdout);
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
	size_t i, pid_count = 0, count = sizeof(ways) / sizeof(ways[0]);
	unsigned long wrong = 0, tries;
	pid_t pids[4];

	if (argc < 5)
		errx(2, "usage: lslfs-fresh COMMANDS CONTAINER BINS TRIES [alone]");
	commands = argv[1];
	container = argv[2];
	bins = argv[3];
	tries = strtoul(argv[4], NULL, 10);
	snprintf(prefix, sizeof(prefix), "%s:", container);
	snprintf(own_directory, sizeof(own_directory), "%s/%s", commands, container);
	create("original");
	control = mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	if (control == MAP_FAILED)
		err(2, "mmap");
	for (i = 0; i < ENDS; i++) {
		ends[i].gone = calloc(tries + count, sizeof(double));
		ends[i].told = calloc(tries + count, sizeof(double));
		if (!ends[i].gone || !ends[i].told)
			err(2, "calloc");
	}

	pids[pid_count++] = disturb(run_control);
	if (argc == 5) {
		pids[pid_count++] = disturb(read_all);
		pids[pid_count++] = disturb(read_some);
		pids[pid_count++] = disturb(install_others);
	}
	/* Until the control listens. */
	while (control->count == 0) {
		create(TRIED "control");
		unlink(in_bins(TRIED "control").text);
		usleep(1000);
	}
	for (i = 0; i < count; i++)
		wrong += try_way(&ways[i], (tries + count - 1) / count);
	for (i = 0; i < pid_count; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	for (i = 0; i < ENDS; i++) {
		printf("%s, in ms:\n", ends[i].what);
		print_times("found for", ends[i].gone, ends[i].count);
		print_times("control", ends[i].told, ends[i].count);
	}
	unlink(in_bins("other").text);
	unlink(in_bins("original").text);
	return wrong != 0;
}
