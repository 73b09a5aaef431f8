/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The directories of bins inside the container, seen from the host. */
#include "config.h"

#include "check/check.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "rootfs/bins.h"
#include "inroot.h"
#include "files/location.h"
#include "files/safepath_find.h"

static const char check_name[] = "bins";

/* Returns 0, or a negative errno of a look at PATH. */
static int look_at_bin(const struct container *container, const char *path)
{
	struct location location;
	int fd, root = location_open(container, path, &location);

	if (root < 0)
		return root;
	fd = inroot_open(root, location.path, O_PATH);
	close(root);
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

/*
 * Whether there is a root filesystem with bins; if not, check_rootfs reports
 * that.
 */
static bool has_rootfs(const struct container *container)
{
	return container->path && access(container->path, F_OK) == 0;
}

void check_bins(struct check *check, const struct container *container)
{
	struct diag_place place = check_place(check_name, container, container->bins_line);
	size_t i, well = 0;
	const char *problem;
	int status;

	if (!has_rootfs(container))
		return;
	problem = bins_problem(container, bins_look(container));
	if (problem && container->bin_count) {
		diag_add(
			&check->diags, SEVERITY_WARNING, &place,
			"%s; it has no commands (fill %s with a root filesystem, or correct path and bins)",
			problem, container->path);
		return;
	}
	for (i = 0; i < container->bin_count; i++) {
		status = look_at_bin(container, container->bins[i]);
		if (status == 0)
			well++;
		else if (status == -ENOENT || status == -ENOTDIR)
			diag_add(&check->diags, SEVERITY_WARNING, &place, "bins: %s does not exist",
				 container->bins[i]);
		else
			diag_add(&check->diags, check_severity(check, -status, SEVERITY_WARNING),
				 &place, "bins: %s: %s", container->bins[i], strerror(-status));
	}
	if (well && well == container->bin_count)
		diag_add(&check->diags, SEVERITY_OK, &place,
			 "everything that bins names exists (%zu)", well);
}

/*
 * Checks a directory of the host in bins. exposure.h checks those in the root
 * filesystem.
 */
static void check_one(struct check *check, const struct container *container, const char *bin)
{
	struct diag_place place = check_place(check_name, container, container->bins_line);
	struct account_roots groups = {.count = 1};
	struct location location;
	struct unsafe_place unsafe;
	int status;

	groups.list[0] = location_open(container, bin, &location);
	if (groups.list[0] < 0)
		return;
	status = location.root == container->path
			 ? 0
			 : safepath_find_unsafe(groups.list[0], location.path, &groups, &unsafe);
	close(groups.list[0]);
	if (status == SAFEPATH_UNSAFE)
		diag_add(
			&check->diags, SEVERITY_WARNING, &place,
			"bins: %s: users other than root can change %s, and so choose what root's commands run: remove it from bins, or put the programs into a directory that only root can change",
			bin, unsafe.place);
}

void check_bins_are_roots(struct check *check, const struct container *container)
{
	size_t i;

	if (!has_rootfs(container))
		return;
	for (i = 0; i < container->bin_count; i++)
		check_one(check, container, container->bins[i]);
}
