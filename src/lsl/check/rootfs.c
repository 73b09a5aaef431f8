/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "check/check.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "rootfs/answers.h"
#include "rootfs/exposure.h"
#include "files/inroot_file.h"
#include "foreign/rootfs_arch.h"
#include "base/wholeio.h"
#include "timelimit.h"

static const char check_name[] = "rootfs";

/* Larger than any honest os-release(5). */
#define OS_RELEASE_MAX (16L * 1024)

bool check_answers(struct check *check, const struct container *container)
{
	struct diag_place place = check_place(check_name, container, container->path_line);

	if (check->root >= 0)
		close(check->root);
	check->root = -ENOENT;
	if (!container->path)
		return true;
	if (!answers_in_time(container)) {
		diag_add(
			&check->diags, SEVERITY_ERROR, &place,
			"its root filesystem, a directory of bins or an element of mnt does not answer (a dead network file system?)");
		return false;
	}
	check->root = open(container->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (check->root < 0)
		check->root = -errno;
	return true;
}

/* Reads the first SIZE - 1 bytes of a regular file. */
static int read_release_file(int root, const char *path, char *text, size_t size)
{
	int fd = inroot_open_regular(root, path);
	ssize_t len;

	if (fd < 0)
		return fd;
	len = wholeio_read(fd, text, size - 1);
	close(fd);
	if (len < 0)
		return (int)len;
	text[len] = '\0';
	return 0;
}

/*
 * Returns the value of KEY in TEXT, os-release(5), without its quotes; NULL: it
 * has none. Writes a NUL after the value.
 */
static char *release_value(char *text, const char *key)
{
	size_t len = strlen(key);
	char *line = text, *value;

	while (strncmp(line, key, len) != 0 || line[len] != '=') {
		line = strchr(line, '\n');
		if (!line)
			return NULL;
		line++;
	}
	value = line + len + 1;
	if (*value == '"' || *value == '\'') {
		value++;
		value[strcspn(value, "\"'\n")] = '\0';
	}
	value[strcspn(value, "\n")] = '\0';
	return *value ? value : NULL;
}

/* Returns the name of the distribution, in TEXT; NULL: there is none. */
static const char *distribution(int root, char text[OS_RELEASE_MAX])
{
	static const char *const paths[] = {"/etc/os-release", "/usr/lib/os-release"};
	const char *name;
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (read_release_file(root, paths[i], text, OS_RELEASE_MAX) < 0)
			continue;
		name = release_value(text, "PRETTY_NAME");
		return name ? name : release_value(text, "NAME");
	}
	return NULL;
}

void check_rootfs(struct check *check, const struct container *container)
{
	struct diag_place place = check_place(check_name, container, container->path_line);
	char machine[ELFARCH_NAME_MAX] = "";
	static char text[OS_RELEASE_MAX];
	struct elfarch arch;
	const char *name;

	if (!container->path)
		return;
	if (check->root < 0) {
		diag_add(&check->diags, check_severity(check, -check->root, SEVERITY_ERROR), &place,
			 "root filesystem %s: %s", container->path, strerror(-check->root));
		return;
	}
	name = distribution(check->root, text);
	if (rootfs_arch_sample(container, &arch) >= 0)
		elfarch_name(&arch, machine);
	diag_add(&check->diags, SEVERITY_OK, &place, "root filesystem %s: %s%s%s", container->path,
		 name ? name : "it does not say which distribution it is",
		 *machine ? "; its programs are for " : "", machine);
}

/* It takes as long as the look that follows. */
static long try_exposure(const void *arg)
{
	struct diag_place place = {.check = check_name};
	struct diags diags = {.list = NULL};

	exposure_find(arg, &place, &diags);
	return 0;
}

void check_rootfs_is_roots(struct check *check, const struct container *container)
{
	struct diag_place place = check_place(check_name, container, container->path_line);

	if (!container->path)
		return;
	if (timelimit_run(try_exposure, container, EXPOSURE_MS) == 0)
		exposure_find(container, &place, &check->diags);
	else
		diag_add(
			&check->diags, SEVERITY_ERROR, &place,
			"root filesystem %s: to see whether users other than root can change it takes too long, so lsl start refuses it",
			container->path);
}
