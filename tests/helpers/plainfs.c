/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plainfs DIRECTORY MOUNTPOINT [OPTION...]: shows DIRECTORY by FUSE, like a
 * simple file system: no hard links, and no rename with flags, so no exchange.
 * A name of 255 bytes has 300 bytes here, as names in UTF-8 can have on vfat.
 */
#define FUSE_USE_VERSION 31

#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LONG_NAME 300

static int top; /* DIRECTORY */

/*
 * PATH, which begins with a slash, below DIRECTORY, where the last name may be
 * shorter.
 */
static const char *below(const char *path)
{
	static _Thread_local char text[PATH_MAX];
	char *name;

	if (!path[1])
		return ".";
	snprintf(text, sizeof(text), "%s", path + 1);
	name = strrchr(text, '/');
	name = name ? name + 1 : text;
	if (strlen(name) == LONG_NAME)
		name[NAME_MAX] = '\0';
	return text;
}

static int result(long status)
{
	return status < 0 ? -errno : 0;
}

static int get_attributes(const char *path, struct stat *st, struct fuse_file_info *file)
{
	(void)file;
	return result(fstatat(top, below(path), st, AT_SYMLINK_NOFOLLOW));
}

static int read_link(const char *path, char *target, size_t size)
{
	ssize_t len = readlinkat(top, below(path), target, size - 1);

	if (len >= 0)
		target[len] = '\0';
	return result(len);
}

static int read_directory(const char *path, void *list, fuse_fill_dir_t fill, off_t offset,
			  struct fuse_file_info *file, enum fuse_readdir_flags flags)
{
	int fd = openat(top, below(path), O_RDONLY | O_DIRECTORY);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	static const char tail[] = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
	char name[LONG_NAME + 1];
	const struct dirent *entry;

	(void)offset;
	(void)file;
	(void)flags;
	if (!dir)
		return -errno;
	while ((entry = readdir(dir))) {
		snprintf(name, sizeof(name), "%s%s", entry->d_name,
			 strlen(entry->d_name) == NAME_MAX ? tail : "");
		fill(list, name, NULL, 0, 0);
	}
	closedir(dir);
	return 0;
}

/* A new file gets the ids of the caller. */
static int own(const char *path)
{
	const struct fuse_context *context = fuse_get_context();

	return result(fchownat(top, below(path), context->uid, context->gid, AT_SYMLINK_NOFOLLOW));
}

static int make_directory(const char *path, mode_t mode)
{
	int status = result(mkdirat(top, below(path), mode));

	return status < 0 ? status : own(path);
}

static int make_link(const char *target, const char *path)
{
	int status = result(symlinkat(target, top, below(path)));

	return status < 0 ? status : own(path);
}

static int remove_file(const char *path)
{
	return result(unlinkat(top, below(path), 0));
}

static int remove_directory(const char *path)
{
	return result(unlinkat(top, below(path), AT_REMOVEDIR));
}

static int rename_file(const char *from, const char *to, unsigned int flags)
{
	char old[PATH_MAX];

	if (flags)
		return -EINVAL;
	snprintf(old, sizeof(old), "%s", below(from));
	return result(renameat(top, old, top, below(to)));
}

static int change_mode(const char *path, mode_t mode, struct fuse_file_info *file)
{
	(void)file;
	return result(fchmodat(top, below(path), mode, 0));
}

static int change_owner(const char *path, uid_t uid, gid_t gid, struct fuse_file_info *file)
{
	(void)file;
	return result(fchownat(top, below(path), uid, gid, AT_SYMLINK_NOFOLLOW));
}

static int open_file(const char *path, struct fuse_file_info *file)
{
	int fd = openat(top, below(path), file->flags & ~(O_CREAT | O_EXCL));

	file->fh = (uint64_t)fd;
	return result(fd);
}

static int create_file(const char *path, mode_t mode, struct fuse_file_info *file)
{
	int fd = openat(top, below(path), file->flags | O_CREAT, mode);

	file->fh = (uint64_t)fd;
	return fd < 0 ? -errno : own(path);
}

static int truncate_file(const char *path, off_t size, struct fuse_file_info *file)
{
	int fd, status;

	if (file)
		return result(ftruncate((int)file->fh, size));
	fd = openat(top, below(path), O_WRONLY);
	status = fd < 0 ? -errno : result(ftruncate(fd, size));
	if (fd >= 0)
		close(fd);
	return status;
}

static int read_file(const char *path, char *bytes, size_t size, off_t offset,
		     struct fuse_file_info *file)
{
	ssize_t n = pread((int)file->fh, bytes, size, offset);

	(void)path;
	return n < 0 ? -errno : (int)n;
}

static int write_file(const char *path, const char *bytes, size_t size, off_t offset,
		      struct fuse_file_info *file)
{
	ssize_t n = pwrite((int)file->fh, bytes, size, offset);

	(void)path;
	return n < 0 ? -errno : (int)n;
}

static int release_file(const char *path, struct fuse_file_info *file)
{
	(void)path;
	return result(close((int)file->fh));
}

int main(int argc, char **argv)
{
	static const struct fuse_operations operations = {
		.getattr = get_attributes,
		.readlink = read_link,
		.readdir = read_directory,
		.mkdir = make_directory,
		.symlink = make_link,
		.unlink = remove_file,
		.rmdir = remove_directory,
		.rename = rename_file,
		.chmod = change_mode,
		.chown = change_owner,
		.open = open_file,
		.create = create_file,
		.truncate = truncate_file,
		.read = read_file,
		.write = write_file,
		.release = release_file,
	};

	top = argc > 2 ? open(argv[1], O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	if (top < 0) {
		perror("plainfs");
		return 1;
	}
	umask(0);
	argv[1] = argv[0];
	return fuse_main(argc - 1, argv + 1, &operations, NULL);
}
