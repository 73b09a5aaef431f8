/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The cache of lsl create's downloads, /var/cache/lsl. All of it may be removed
 * at any time.
 *
 *	HASH		an archive, by its SHA-256
 *	HASH.image	the server that it is of, and its line (imageindex.h)
 *	index-NUMBER/list	a server, and the lines of its index
 *
 * The directory is root's. An archive is verified again at each use.
 */
#ifndef LSL_IMAGECACHE_H
#define LSL_IMAGECACHE_H

#include "create/download.h"
#include "create/imageindex.h"
#include "failure.h"

/*
 * Opens the directory by O_PATH; root makes it if it is missing. The caller
 * closes it. -ENOENT: there is none. -EPERM: users other than root can write to
 * it.
 */
int imagecache_open(struct failure *failure);

/*
 * Returns an fd of the archive with that hash, at its beginning. If it is not
 * kept, gets it by DOWNLOAD, and keeps it; without DOWNLOAD, -ENOENT. Results
 * of download_file and tool_sha256. -EBADMSG: what was downloaded has the hash
 * FOUND; there is no FAILURE then.
 */
int imagecache_get(int cache, const char *sha256, const struct download *download,
		   char found[IMAGE_SHA256_SIZE], struct failure *failure);

/*
 * Records that the kept archive is IMAGE of SERVER, and removes older ones with
 * the same name and architecture, as far as that is possible.
 */
void imagecache_keep_image(int cache, const char *server, const struct image *image);

/* The lines of SERVER's kept images; the caller frees them. -ENOENT: none. */
int imagecache_read_images(int cache, const char *server, char **lines);

/* The saved lines of SERVER's index; the caller frees them. -ENOENT: none. */
int imagecache_read_index(int cache, const char *server, char **lines);

/* Saves the lines of SERVER's index. */
int imagecache_save_index(int cache, const char *server, const char *lines);

#endif
