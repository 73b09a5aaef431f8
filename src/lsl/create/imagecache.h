/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The cache of lsl create's downloads, /var/cache/lsl. All of it may be removed
 * at any time.
 *
 *	HASH		an archive, by its SHA-256
 *	HASH.image	the server that it is of, and its line (imageindex.h)
 *	index-NUMBER	a server, and the lines of its index
 *
 * The directory is root's. An archive is verified again at each use.
 */
#ifndef LSL_IMAGECACHE_H
#define LSL_IMAGECACHE_H

#include <stddef.h>

#include "failure.h"
#include "create/imageindex.h"

/*
 * Opens the directory by O_PATH; root makes it if it is missing. The caller
 * closes it. -ENOENT: there is none. -EPERM: users other than root can write to
 * it.
 */
int imagecache_open(struct failure *failure);

/* Opens the archive that was kept as HASH; -ENOENT: none. */
int imagecache_find(int cache, const char *sha256);

/* A file, or directory, that is not kept yet: locked while FD is open. */
struct imagecache_new {
	int fd;
	char name[32];
};

/*
 * Makes one, after removing those that killed processes have left. Tools
 * without privilege write to the file by its fd; a directory may be given to
 * one of them.
 */
int imagecache_new_file(int cache, struct imagecache_new *new, struct failure *failure);
int imagecache_new_directory(int cache, struct imagecache_new *new, struct failure *failure);

/* Keeps the file as HASH; its fd stays open. */
int imagecache_keep(int cache, const struct imagecache_new *new, const char *sha256,
		    struct failure *failure);

/* Removes the file or directory, which is not kept, and closes its fd. */
void imagecache_remove(int cache, struct imagecache_new *new);

/* Removes the archive of HASH, which has other contents. */
void imagecache_drop(int cache, const char *sha256);

/*
 * Records that the kept archive is IMAGE of SERVER, and removes older ones with
 * the same name and architecture.
 */
int imagecache_keep_image(int cache, const char *server, const struct image *image);

/* The lines of SERVER's kept images; the caller frees them. -ENOENT: none. */
int imagecache_read_images(int cache, const char *server, char **lines);

/* The saved lines of SERVER's index; the caller frees them. -ENOENT: none. */
int imagecache_read_index(int cache, const char *server, char **lines);

/* Saves the lines of SERVER's index. */
int imagecache_save_index(int cache, const char *server, const char *lines);

#endif
