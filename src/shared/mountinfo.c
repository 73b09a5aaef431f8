/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mountinfo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "syscalls_more.h"

/*
 * Decodes \040 and other octal escapes in place; proc_pid_mountinfo(5) escapes
 * space, tab, newline, backslash.
 */
static void unescape_octal(char *s)
{
	char *out = s;

	while (*s) {
		if (s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] >= '0' && s[2] <= '7' &&
		    s[3] >= '0' && s[3] <= '7') {
			*out++ = (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0'));
			s += 4;
		} else {
			*out++ = *s++;
		}
	}
	*out = '\0';
}

static int parse_id(const char *field, int *id)
{
	char *end;
	long value;

	if (!field)
		return -EINVAL;
	errno = 0;
	value = strtol(field, &end, 10);
	if (errno || *end || end == field || value < 0 || value > 0x7fffffff)
		return -EINVAL;
	*id = (int)value;
	return 0;
}

/* MAJOR:MINOR */
static int parse_device(char *field, dev_t *device)
{
	int major, minor;

	if (parse_id(strsep(&field, ":"), &major) < 0 || parse_id(field, &minor) < 0)
		return -EINVAL;
	*device = makedev((unsigned int)major, (unsigned int)minor);
	return 0;
}

static int parse_optional_fields(char **rest, struct mountinfo *mount)
{
	const char *field;

	while ((field = strsep(rest, " "))) {
		if (strcmp(field, "-") == 0)
			return 0;
		if (strncmp(field, "shared:", 7) == 0)
			mount->is_shared = true;
		else if (strncmp(field, "master:", 7) == 0)
			mount->is_slave = true;
		else if (strcmp(field, "unbindable") == 0)
			mount->is_unbindable = true;
	}
	return -EINVAL;
}

int mountinfo_parse(char *line, struct mountinfo *mount)
{
	char *rest = line;

	memset(mount, 0, sizeof(*mount));
	line[strcspn(line, "\n")] = '\0';
	if (parse_id(strsep(&rest, " "), &mount->id) < 0 ||
	    parse_id(strsep(&rest, " "), &mount->parent) < 0 ||
	    parse_device(strsep(&rest, " "), &mount->device) < 0)
		return -EINVAL;
	/* No caller needs the root within the file system. */
	if (!strsep(&rest, " "))
		return -EINVAL;
	mount->mount_point = strsep(&rest, " ");
	mount->options = strsep(&rest, " ");
	if (!mount->mount_point || !mount->options || parse_optional_fields(&rest, mount) < 0)
		return -EINVAL;
	mount->fs_type = strsep(&rest, " ");
	mount->source = strsep(&rest, " ");
	if (!mount->fs_type || !mount->source)
		return -EINVAL;
	unescape_octal(mount->mount_point);
	unescape_octal(mount->source);
	return 0;
}

int mountinfo_visit(FILE *file, int (*visit)(const struct mountinfo *mount, void *arg), void *arg)
{
	struct mountinfo mount;
	char *line = NULL;
	size_t size = 0;
	int status = 0;

	errno = 0;
	while (status == 0 && getline(&line, &size, file) >= 0) {
		status = mountinfo_parse(line, &mount);
		if (status == 0)
			status = visit(&mount, arg);
		errno = 0;
	}
	if (status == 0 && (ferror(file) || errno))
		status = errno ? -errno : -EIO;
	free(line);
	return status;
}

int mountinfo_visit_own(int (*visit)(const struct mountinfo *mount, void *arg), void *arg)
{
	FILE *table = fopen("/proc/self/mountinfo", "re");
	int status;

	if (!table)
		return -errno;
	status = mountinfo_visit(table, visit, arg);
	fclose(table);
	return status;
}

int mountinfo_id(int fd, uint64_t *id)
{
	struct lsl_statx st;

	if (sys_statx(fd, "", AT_EMPTY_PATH | LSL_AT_STATX_DONT_SYNC, LSL_STATX_MNT_ID, &st) < 0)
		return -errno;
	if (!(st.stx_mask & LSL_STATX_MNT_ID))
		return -ENOSYS;
	*id = st.stx_mnt_id;
	return 0;
}

int mountinfo_open(const struct mountinfo *mount)
{
	int fd = open(mount->mount_point, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	uint64_t id = 0;

	if (fd < 0)
		return -1;
	if (mountinfo_id(fd, &id) == 0 && id == (uint64_t)mount->id)
		return fd;
	close(fd);
	return -1;
}
