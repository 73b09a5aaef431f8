/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "foreign/rootfs_arch.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "files/inroot_file.h"
#include "files/location.h"
#include "search_visit.h"
#include "timelimit.h"

/* The time, in milliseconds, for one look. */
#define PATIENCE_MS 2000

struct arch_look {
	int root;
	const char *bin;
	struct elfarch *arch;
	bool has_native;
	bool takes_any; /* a native program is enough */
};

/* Of look_at_program: search_visit stops at both. */
enum {
	FOUND_FOREIGN = 1,
	FOUND_NATIVE,
};

static int read_program(int root, const char *path, struct elfarch *arch)
{
	int status, fd = inroot_open_regular(root, path);

	if (fd < 0)
		return fd;
	status = elfarch_read(fd, arch);
	close(fd);
	return status;
}

static int look_at_program(const char *name, void *arg)
{
	struct arch_look *look = arg;
	struct elfarch arch;
	char path[4096];
	int status;

	if (!name)
		return 0;
	snprintf(path, sizeof(path), "%s/%s", look->bin, name);
	status = read_program(look->root, path, &arch);
	/* A single file. */
	if (status == -ENOTDIR)
		status = read_program(look->root, look->bin, &arch);
	if (status < 0)
		return 0;
	*look->arch = arch;
	if (!elfarch_is_native(&arch))
		return FOUND_FOREIGN;
	look->has_native = true;
	return look->takes_any ? FOUND_NATIVE : 0;
}

/* Looks at BIN, one of the container's bins, or a single program. */
static int look_inside(const struct container *container, const char *bin, bool takes_any,
		       struct elfarch *arch)
{
	struct arch_look look = {.arch = arch, .takes_any = takes_any};
	struct location location;
	int status;

	look.root = location_open(container, bin, &location);
	if (look.root < 0)
		return look.root;
	look.bin = location.path;
	status = search_visit(look.root, look.bin, look_at_program, &look);
	close(look.root);
	if (status == FOUND_FOREIGN)
		return ROOTFS_FOREIGN;
	if (status == FOUND_NATIVE || (status == 0 && look.has_native))
		return ROOTFS_NATIVE;
	return status < 0 ? status : -ENOEXEC;
}

/* Looks until it finds a foreign program, or, if TAKES_ANY, a program. */
static int look_everywhere(const struct container *container, bool takes_any, struct elfarch *arch)
{
	int status, found = look_inside(container, "/bin/sh", takes_any, arch);
	size_t i;

	for (i = 0; i < container->bin_count; i++) {
		if (found == ROOTFS_FOREIGN || (takes_any && found >= 0))
			break;
		status = look_inside(container, container->bins[i], takes_any, arch);
		if (status >= 0)
			found = status;
	}
	return found;
}

/*
 * In another process, since links in the root filesystem decide how long it
 * takes.
 */

struct arch_question {
	const struct container *container;
	const char *path; /* of one program, or NULL: everywhere */
	bool takes_any;
};

struct arch_answer {
	int found;
	struct elfarch arch;
};

static void answer_about_arch(void *result, const void *arg)
{
	const struct arch_question *question = arg;
	struct arch_answer *answer = result;

	memset(answer, 0, sizeof(*answer));
	answer->found = -ENOEXEC;
	if (question->path)
		answer->found =
			look_inside(question->container, question->path, true, &answer->arch);
	if (answer->found == -ENOEXEC)
		answer->found =
			look_everywhere(question->container, question->takes_any, &answer->arch);
}

static int ask_in_time(const struct arch_question *question, struct elfarch *arch)
{
	struct arch_answer answer;
	int status = timelimit_ask(answer_about_arch, question, -1, &answer, sizeof(answer),
				   PATIENCE_MS);

	if (status < 0)
		return status;
	*arch = answer.arch;
	return answer.found;
}

int rootfs_arch_find(const struct container *container, struct elfarch *arch)
{
	const struct arch_question question = {.container = container};

	return ask_in_time(&question, arch);
}

int rootfs_arch_sample(const struct container *container, struct elfarch *arch)
{
	const struct arch_question question = {.container = container, .takes_any = true};

	return ask_in_time(&question, arch);
}

int rootfs_arch_of(const struct container *container, const char *path, struct elfarch *arch)
{
	const struct arch_question question = {container, path, true};
	int found = ask_in_time(&question, arch);

	return found < 0 ? found : 0;
}
