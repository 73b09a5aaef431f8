/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rootfs/bins.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "inroot.h"
#include "files/location.h"
#include "search_visit.h"
#include "timelimit.h"

/* The time, in milliseconds, within which a file system must answer. */
#define PATIENCE_MS 2000

static int stop_at_program(const char *name, void *arg)
{
	(void)arg;
	return name != NULL;
}

/* Returns 0 if PATH below ROOT exists, else a negative errno. */
static int find_path(int root, const char *path)
{
	int fd = inroot_open(root, path, O_PATH);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static enum bins_state state_below(int root, const char *path)
{
	int status = find_path(root, path);

	if (status == 0)
		status = search_visit(root, path, stop_at_program, NULL);
	switch (status) {
	case 1:
		return BINS_HAVE_PROGRAMS;
	case 0:
		return BINS_ARE_EMPTY;
	case -ENOENT:
	case -ENOTDIR:
		return BINS_ARE_MISSING;
	default:
		return BINS_ARE_UNKNOWN;
	}
}

/* The state of BIN alone. */
static enum bins_state look_at_one(const struct container *container, const char *bin)
{
	struct location location;
	int root = location_open(container, bin, &location);
	enum bins_state state;

	if (root < 0)
		return root == -ENOENT || root == -ENOTDIR ? BINS_ARE_MISSING : BINS_ARE_UNKNOWN;
	state = state_below(root, location.path);
	close(root);
	return state;
}

/* Of several, the last one in the order of the enum counts. */
static long state_of(const void *arg)
{
	const struct container *container = arg;
	enum bins_state one, state = BINS_ARE_MISSING;
	size_t i;

	for (i = 0; i < container->bin_count && state != BINS_HAVE_PROGRAMS; i++) {
		one = look_at_one(container, container->bins[i]);
		state = one > state ? one : state;
	}
	return state;
}

enum bins_state bins_look(const struct container *container)
{
	long state = timelimit_run(state_of, container, PATIENCE_MS);

	if (state == -ETIMEDOUT)
		return BINS_DO_NOT_ANSWER;
	return state < 0 ? BINS_ARE_UNKNOWN : (enum bins_state)state;
}

/* As in PATH, or in a list of words. */
static bool has_other_separator(const struct container *container)
{
	size_t i;

	for (i = 0; i < container->bin_count; i++)
		if (strstr(container->bins[i], ":/") || strstr(container->bins[i], " /") ||
		    strstr(container->bins[i], ",/"))
			return true;
	return false;
}

const char *bins_problem(const struct container *container, enum bins_state state)
{
	switch (state) {
	case BINS_ARE_EMPTY:
		return "no directory of bins has a program";
	case BINS_ARE_MISSING:
		return has_other_separator(container)
			       ? "no directory of bins exists (write ';' between them)"
			       : "no directory of bins exists";
	case BINS_DO_NOT_ANSWER:
		return "a directory of bins does not answer";
	default:
		return NULL;
	}
}
