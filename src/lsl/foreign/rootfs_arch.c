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

static int look_into(struct arch_look *look)
{
	int status = search_visit(look->root, look->bin, look_at_program, look);

	if (status == FOUND_FOREIGN)
		return ROOTFS_FOREIGN;
	if (status == FOUND_NATIVE || (status == 0 && look->has_native))
		return ROOTFS_NATIVE;
	return status < 0 ? status : -ENOEXEC;
}

int rootfs_arch_look(int root, const char *bin, struct elfarch *arch)
{
	struct arch_look look = {.root = root, .bin = bin, .arch = arch};

	return look_into(&look);
}

static int look_inside(const struct container *container, const char *bin, bool takes_any,
		       struct elfarch *arch)
{
	struct arch_look look = {.arch = arch, .takes_any = takes_any};
	struct location location;
	int status;

	look.root = location_open(container, bin, &location);
	look.bin = location.path;
	if (look.root < 0)
		return look.root;
	status = look_into(&look);
	close(look.root);
	return status;
}

static const char shell[] = "/bin/sh";

int rootfs_arch_find(const struct container *container, struct elfarch *arch)
{
	int status, found = look_inside(container, shell, false, arch);
	size_t i;

	for (i = 0; i < container->bin_count && found != ROOTFS_FOREIGN; i++) {
		status = look_inside(container, container->bins[i], false, arch);
		if (status >= 0)
			found = status;
	}
	return found;
}

int rootfs_arch_sample(const struct container *container, struct elfarch *arch)
{
	int found = look_inside(container, shell, true, arch);
	size_t i;

	for (i = 0; i < container->bin_count && found < 0; i++)
		found = look_inside(container, container->bins[i], true, arch);
	return found;
}

int rootfs_arch_of(const struct container *container, const char *path, struct elfarch *arch)
{
	int found = look_inside(container, path, true, arch);

	if (found == -ENOEXEC)
		found = rootfs_arch_sample(container, arch);
	return found < 0 ? found : 0;
}
