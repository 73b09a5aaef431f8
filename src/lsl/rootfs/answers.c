/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rootfs/answers.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/hostpath.h"
#include "inroot.h"
#include "files/location.h"
#include "timelimit.h"

#define PATIENCE_MS 2000

/*
 * The paths that lsl looks at in every root filesystem; other file systems can
 * be mounted on them.
 */
static const char *const places[] = {"/", "/etc/passwd", "/etc/shadow", "/usr/bin", "/bin", "/lib"};

static void touch(int root, const char *path)
{
	struct stat st;

	(void)inroot_stat(root, path, &st);
}

static void touch_rootfs(const struct container *container)
{
	int root = open(container->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	size_t i;

	for (i = 0; root >= 0 && i < sizeof(places) / sizeof(places[0]); i++)
		touch(root, places[i]);
	if (root >= 0)
		close(root);
}

static void touch_bin(const struct container *container, const char *bin)
{
	struct location location;
	int root = location_open(container, bin, &location);

	if (root < 0)
		return;
	touch(root, location.path);
	close(root);
}

static void touch_source(const struct bind *bind)
{
	int fd = hostpath_open(bind->source, NULL);
	struct stat st;

	if (fd < 0)
		return;
	(void)fstat(fd, &st);
	close(fd);
}

static long touch_all(const void *arg)
{
	const struct container *container = arg;
	size_t i;

	touch_rootfs(container);
	for (i = 0; i < container->bin_count; i++)
		touch_bin(container, container->bins[i]);
	for (i = 0; i < container->bind_count; i++)
		touch_source(&container->binds[i]);
	for (i = 0; i < container->copy_count; i++)
		touch_source(&container->copies[i]);
	return 0;
}

bool answers_in_time(const struct container *container)
{
	return timelimit_run(touch_all, container, PATIENCE_MS) != -ETIMEDOUT;
}
