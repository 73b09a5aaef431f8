/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pathnames.h"
#include "safepath.h"

struct record_path record_path(const char *name, const char *suffix)
{
	size_t len = strnlen(name, CONTAINER_NAME_MAX), start = strcmp(name, HOST_NAME) == 0;
	struct record_path path;

	path.text[0] = ':';
	memcpy(path.text + start, name, len);
	memcpy(path.text + start + len, suffix, strlen(suffix) + 1);
	return path;
}

const char *record_next(const char *element)
{
	return element + strlen(element) + 1;
}

static struct record_list split_list(char *value)
{
	struct record_list list = {value, value};
	char *s;

	if (!*value)
		return list;
	for (s = value; *s; s++)
		if (*s == ';')
			*s = '\0';
	list.end = s + 1;
	return list;
}

/* The value if LINE is "KEY=value". */
static char *record_value(char *line, const char *key)
{
	size_t len = strlen(key);

	return strncmp(line, key, len) == 0 && line[len] == '=' ? line + len + 1 : NULL;
}

/*
 * Reads a decimal number with END after it. Returns the rest of TEXT, or NULL
 * if TEXT does not begin so.
 */
static const char *take_number(const char *text, char end, uint64_t *number)
{
	const char *s;

	*number = 0;
	for (s = text; *s >= '0' && *s <= '9'; s++) {
		if (*number > (UINT64_MAX - 9) / 10)
			return NULL;
		*number = *number * 10 + (uint64_t)(*s - '0');
	}
	return s > text && *s == end ? s + 1 : NULL;
}

/*
 * Without valid numbers there is no namespace: then it is proved at each call.
 */
static struct nsfile_id take_namespace(const char *value)
{
	static const struct nsfile_id none = {.ino = 0};
	uint64_t dev, ino, id = 0;
	const char *rest = take_number(value, ':', &dev), *last;

	if (!rest)
		return none;
	last = take_number(rest, ':', &ino);
	if (last ? !take_number(last, '\0', &id) : !take_number(rest, '\0', &ino))
		return none;
	return (struct nsfile_id){(dev_t)dev, (ino_t)ino, id};
}

static void take_record_line(char *line, struct record *record, const char **version)
{
	char *value;

	if ((value = record_value(line, "lsl")))
		*version = value;
	else if ((value = record_value(line, "name")))
		record->name = value;
	else if ((value = record_value(line, "namespace")))
		record->ns = take_namespace(value);
	else if ((value = record_value(line, "bins")))
		record->bins = split_list(value);
	else if ((value = record_value(line, "envPath")))
		record->env_path = value;
	else if ((value = record_value(line, "interpreter")))
		record->interpreter = value;
	else if ((value = record_value(line, "share")))
		record->shares_applications = strcmp(value, RECORD_SHARE_APPLICATIONS) == 0;
	else if ((value = record_value(line, "path")))
		record->path = value;
	else if ((value = record_value(line, "mnt")))
		record->mnt = value;
	else if ((value = record_value(line, "copies")))
		record->copies = value;
	else if ((value = record_value(line, "own")))
		record->own = value;
	else if ((value = record_value(line, "people")))
		record->people = value;
	else if ((value = record_value(line, "allow")))
		record->allow = value;
	else if ((value = record_value(line, "host")))
		record->has_no_commands = strcmp(value, "no") == 0;
	else if ((value = record_value(line, "userBins")))
		record->user_bins = split_list(value);
	else if ((value = record_value(line, "rootBins")))
		record->root_bins = split_list(value);
	else if ((value = record_value(line, "rootPath")))
		record->root_path = value;
}

int record_parse(char *text, size_t len, struct record *record)
{
	const char *version = NULL;
	char *line = text, *newline;

	memset(record, 0, sizeof(*record));
	record->size = len + 1;
	record->copies = record->own = record->allow = "";
	text[len] = '\0';
	if (memchr(text, '\0', len))
		return -EINVAL;
	while ((newline = strchr(line, '\n'))) {
		*newline = '\0';
		take_record_line(line, record, &version);
		line = newline + 1;
	}
	/* Without a final newline the record is not complete. */
	if (*line || !version || strcmp(version, RECORD_FORMAT) != 0 || !record->name ||
	    !container_name_valid(record->name, strlen(record->name)) || !record->path ||
	    !record->mnt || record->bins.first == record->bins.end)
		return -EINVAL;
	return 0;
}

/*
 * SIZE is the file's size. TEXT has room for one more byte, which shows whether
 * the file has grown.
 */
static int read_whole(int fd, char *text, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while (len < size) {
		n = read(fd, text + len, size + 1 - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	/* Records are replaced, never modified. */
	return len == size ? 0 : -EINVAL;
}

int record_read(int rundir, const char *name, char *text, size_t size, struct record *record)
{
	struct record_path path = record_path(name, RECORD_SUFFIX);
	struct stat st;
	int fd, status;

	fd = openat(rundir, path.text, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		status = -errno;
	else if (!S_ISREG(st.st_mode) || !safepath_is_root_only(&st))
		status = -EPERM;
	else if (st.st_size < 0 || (uintmax_t)st.st_size >= size)
		status = -EFBIG;
	else
		status = read_whole(fd, text, (size_t)st.st_size);
	close(fd);
	if (status < 0)
		return status;

	status = record_parse(text, (size_t)st.st_size, record);
	if (status == 0 && strcmp(record->name, name) != 0)
		status = -EINVAL;
	return status;
}
