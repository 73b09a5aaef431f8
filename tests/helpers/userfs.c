/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * userfs DIRECTORY: a user's file system with one directory "inside". Nobody
 * else may look into it, not even root, as with many network file systems, and
 * FUSE without allow_other.
 */
#define FUSE_USE_VERSION 31

#include "config.h"

#include <errno.h>
#include <fuse.h>
#include <string.h>
#include <sys/stat.h>

static int get_attributes(const char *path, struct stat *st, struct fuse_file_info *file)
{
	(void)file;
	if (strcmp(path, "/") != 0 && strcmp(path, "/inside") != 0)
		return -ENOENT;
	memset(st, 0, sizeof(*st));
	st->st_mode = S_IFDIR | 0755;
	st->st_nlink = 2;
	st->st_uid = fuse_get_context()->uid;
	return 0;
}

static int read_directory(const char *path, void *list, fuse_fill_dir_t fill, off_t offset,
			  struct fuse_file_info *file, enum fuse_readdir_flags flags)
{
	(void)offset;
	(void)file;
	(void)flags;
	if (strcmp(path, "/") == 0)
		fill(list, "inside", NULL, 0, 0);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct fuse_operations operations = {
		.getattr = get_attributes,
		.readdir = read_directory,
	};

	return fuse_main(argc, argv, &operations, NULL);
}
