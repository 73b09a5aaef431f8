/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was downloaded for lsl create, in /var/cache/lsl, so that it need not be
 * downloaded again. All of it may be removed at any time.
 *
 *	HASH		an archive, by its SHA-256
 *	HASH.image	the server that it is of, and its line (imageindex.h)
 *	index-NUMBER	a server, and the lines of its index
 *
 * The directory is root's. An archive is verified anew whenever it is used.
 */
#ifndef LSL_IMAGECACHE_H
#define LSL_IMAGECACHE_H

#include <stddef.h>

#include "failure.h"
#include "imageindex.h"

/*
 * The directory, open for reading, to be closed; root makes it where it is
 * missing. -ENOENT: there is none. -EPERM: others than root can write to it.
 */
int imagecache_open(struct failure *failure);

/* The archive that was kept as HASH, to be closed; -ENOENT: none. */
int imagecache_find(int cache, const char *sha256);

/* A file, or directory, that is not kept yet: locked while FD is open. */
struct imagecache_new {
	int fd;
	char name[32];
};

/*
 * Makes one, in place of what was left by processes that were killed. Tools
 * without privilege write to the file by its fd; a directory may be given to
 * one.
 */
int imagecache_new_file(int cache, struct imagecache_new *new, struct failure *failure);
int imagecache_new_directory(int cache, struct imagecache_new *new, struct failure *failure);

/* Keeps the file as HASH; its fd stays open. */
int imagecache_keep(int cache, const struct imagecache_new *new, const char *sha256,
		    struct failure *failure);

/* Removes the file or directory, which is not kept, and closes its fd. */
void imagecache_remove(int cache, struct imagecache_new *new);

/* Removes the archive of HASH, which is not what it should be. */
void imagecache_drop(int cache, const char *sha256);

/*
 * Remembers that the archive that was kept is IMAGE of SERVER, and removes
 * older ones of the same name and architecture.
 */
int imagecache_keep_image(int cache, const char *server, const struct image *image);

/* The lines of SERVER's images that are kept, to be freed. -ENOENT: none. */
int imagecache_read_images(int cache, const char *server, char **lines);

/* The lines of SERVER's index that were saved, to be freed. -ENOENT: none. */
int imagecache_read_index(int cache, const char *server, char **lines);

/* Saves the lines of SERVER's index. */
int imagecache_save_index(int cache, const char *server, const char *lines);

#endif
