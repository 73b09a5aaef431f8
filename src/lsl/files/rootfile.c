/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "files/rootfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/wholeio.h"
#include "dirstream.h"
#include "hash.h"

/*
 * Names beside NAME. Programs that read whole directories skip names with a
 * dot.
 */
#define NEW_SUFFIX ".lsl-new" /* what rootfile_put writes */
#define KEPT_SUFFIX ".lsl-kept"

struct beside {
	char text[NAME_MAX + 1];
};

/* -ENAMETOOLONG: the name would be too long. */
static int name_beside(const char *name, const char *suffix, struct beside *beside)
{
	int len = snprintf(beside->text, sizeof(beside->text), "%s%s%s", name[0] == '.' ? "" : ".",
			   name, suffix);

	return len >= 0 && (size_t)len < sizeof(beside->text) ? 0 : -ENAMETOOLONG;
}

static int read_link(int dir, const char *name, struct rootfile *file)
{
	ssize_t len;

	file->bytes = malloc(PATH_MAX);
	if (!file->bytes)
		return -ENOMEM;
	len = readlinkat(dir, name, file->bytes, PATH_MAX - 1);
	if (len < 0)
		return -errno;
	file->bytes[len] = '\0';
	file->len = (size_t)len;
	file->kind = ROOTFILE_LINK;
	return 0;
}

/* The size does not count: files of /proc have size 0. */
static int read_all(int fd, size_t max, struct rootfile *file)
{
	size_t room = (size_t)file->st.st_size + 4096;
	char *more;
	ssize_t n;

	for (; file->len <= max; room *= 2) {
		more = realloc(file->bytes, room);
		if (!more)
			return -ENOMEM;
		file->bytes = more;
		n = wholeio_read(fd, more + file->len, room - 1 - file->len);
		if (n < 0)
			return (int)n;
		file->len += (size_t)n;
		more[file->len] = '\0';
		if (file->len < room - 1)
			break;
	}
	return file->len > max ? -EFBIG : 0;
}

int rootfile_read_fd(int fd, size_t max, struct rootfile *file)
{
	int status;

	*file = (struct rootfile){.kind = ROOTFILE_REGULAR};
	if (fstat(fd, &file->st) < 0)
		status = -errno;
	else if (!S_ISREG(file->st.st_mode))
		status = -EINVAL;
	else
		status = file->st.st_size > (off_t)max ? -EFBIG : read_all(fd, max, file);
	if (status < 0)
		rootfile_clear(file);
	return status;
}

static int read_file_at(int dir, const char *name, size_t max, struct rootfile *file)
{
	int status, fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	status = rootfile_read_fd(fd, max, file);
	close(fd);
	if (status != -EFBIG && status != -EINVAL)
		return status;
	file->kind = ROOTFILE_OTHER;
	return 0;
}

int rootfile_read(int dir, const char *name, size_t max, struct rootfile *file)
{
	int status = 0;

	*file = (struct rootfile){.kind = ROOTFILE_NONE};
	if (fstatat(dir, name, &file->st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	file->kind = ROOTFILE_OTHER;
	if (S_ISLNK(file->st.st_mode))
		status = read_link(dir, name, file);
	else if (S_ISREG(file->st.st_mode))
		status = read_file_at(dir, name, max, file);
	if (status < 0)
		rootfile_clear(file);
	return status;
}

uint64_t rootfile_hash(const struct rootfile *file)
{
	char kind = (char)file->kind;
	uint64_t hash = hash_bytes(HASH_BEGIN, &kind, 1);

	hash = hash_bytes(hash, file->bytes, file->len);
	return hash ? hash : 1;
}

/* Nobody else may read it before owner and mode are right. */
static int write_regular(int dir, const char *name, const struct rootfile *file)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int status;

	if (fd < 0)
		return -errno;
	status = wholeio_write(fd, file->bytes, file->len);
	if (status == 0 && (fchown(fd, file->st.st_uid, file->st.st_gid) < 0 ||
			    fchmod(fd, file->st.st_mode & 07777) < 0 || fsync(fd) < 0))
		status = -errno;
	if (close(fd) < 0 && status == 0)
		status = -errno;
	return status;
}

/* Waits until changes of names in DIR are on disk. */
static int sync_directory(int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int status = 0;

	if (fd < 0)
		return -errno;
	/* EINVAL: the file system does not know that. */
	if (fsync(fd) < 0 && errno != EINVAL)
		status = -errno;
	close(fd);
	return status;
}

static int rename_to_disk(int dir, const char *from, const char *to)
{
	if (renameat(dir, from, dir, to) < 0)
		return -errno;
	return sync_directory(dir);
}

int rootfile_put(int dir, const char *name, const struct rootfile *file)
{
	struct beside new;
	int status = name_beside(name, NEW_SUFFIX, &new);

	if (status < 0)
		return status;
	/* From a killed run. */
	status = rootfile_remove(dir, new.text);
	if (status == 0 && file->kind == ROOTFILE_LINK)
		status = symlinkat(file->bytes, dir, new.text) < 0 ? -errno : 0;
	else if (status == 0)
		status = write_regular(dir, new.text, file);
	if (status == 0)
		status = rename_to_disk(dir, new.text, name);
	if (status < 0)
		rootfile_remove(dir, new.text);
	return status;
}

int rootfile_remove_new(int dir, const char *name)
{
	struct beside new;
	int status = name_beside(name, NEW_SUFFIX, &new);

	return status < 0 ? status : rootfile_remove(dir, new.text);
}

int rootfile_sweep(int dir)
{
	DIR *stream = dirstream_open(dir, ".");
	const struct dirent *entry;
	int status = stream ? 0 : -errno;
	const char *end;

	while (stream && status == 0 && (entry = readdir(stream))) {
		end = strstr(entry->d_name, NEW_SUFFIX);
		if (entry->d_name[0] == '.' && end && !end[strlen(NEW_SUFFIX)])
			status = rootfile_remove(dir, entry->d_name);
	}
	if (stream)
		closedir(stream);
	return status;
}

int rootfile_keep(int dir, const char *name)
{
	struct beside kept, new;
	int status = name_beside(name, KEPT_SUFFIX, &kept);

	if (status == 0)
		status = name_beside(name, NEW_SUFFIX, &new);
	if (status == 0)
		status = rootfile_remove(dir, new.text);
	if (status < 0)
		return status;
	if (linkat(dir, name, dir, new.text, 0) == 0)
		return rename_to_disk(dir, new.text, kept.text);
	/*
	 * A file system without hard links, or without those to symbolic links.
	 */
	return rename_to_disk(dir, name, kept.text);
}

int rootfile_is_kept(int dir, const char *name)
{
	struct beside kept;
	struct stat st;
	int status = name_beside(name, KEPT_SUFFIX, &kept);

	if (status < 0)
		return status;
	if (fstatat(dir, kept.text, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return 1;
	return errno == ENOENT ? 0 : -errno;
}

int rootfile_put_back(int dir, const char *name)
{
	struct beside kept;
	int status = name_beside(name, KEPT_SUFFIX, &kept);

	if (status == 0)
		status = rename_to_disk(dir, kept.text, name);
	/* rename(2) does nothing if both are the same file. */
	return status < 0 ? status : rootfile_remove(dir, kept.text);
}

int rootfile_forget(int dir, const char *name)
{
	struct beside kept;
	int status = name_beside(name, KEPT_SUFFIX, &kept);

	return status < 0 ? status : rootfile_remove(dir, kept.text);
}

int rootfile_remove(int dir, const char *name)
{
	if (unlinkat(dir, name, 0) == 0)
		return sync_directory(dir);
	return errno == ENOENT ? 0 : -errno;
}

void rootfile_clear(struct rootfile *file)
{
	free(file->bytes);
	file->bytes = NULL;
	file->len = 0;
	file->kind = ROOTFILE_NONE;
}
