/* SPDX-License-Identifier: GPL-3.0-or-later */
/* debian/13: an image by the name that a server has for it. */
#include "config.h"

#include "create/source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "create/archname.h"
#include "create/download.h"
#include "create/imagecache.h"
#include "create/imageindex.h"
#include "create/imageserver.h"
#include "lsl.h"
#include "pathnames.h"
#include "create/url.h"

/* The parts of one request that are known so far. */
struct getting {
	struct options options; /* with a server */
	const char *from, *architecture;
	int cache;
	struct imageindex index;
	const struct image *image; /* of the index */
};

static int say_not_found(const struct getting *getting, int result, const char *words,
			 struct failure *failure)
{
	const char *from = getting->from, *arch = getting->architecture;
	const char *where = getting->options.offline ? PATH_CACHEDIR : getting->options.server;

	switch (result) {
	case IMAGEINDEX_SEVERAL:
		/* The list can be longer than a failure. */
		lsl_say("%s has several releases: name one (--from %s)", from, words);
		return -EINVAL;
	case IMAGEINDEX_ELSEWHERE:
		return failure_say(failure, ENOENT,
				   "%.150s has %s, but not for %s: only for %.200s (--arch)", where,
				   from, arch, words);
	default:
		break;
	}
	if (!words)
		return failure_say(failure, ENOENT,
				   "%.150s has no image %s for %s (lsl images lists them)", where,
				   from, arch);
	return failure_say(failure, ENOENT, "%.100s has no image %s for %s; it has %.200s", where,
			   from, arch, words);
}

/* Finds the image in the server's index or, offline, in the cache. */
static int find_image(struct getting *getting, struct failure *failure)
{
	char *lines = NULL, *words = NULL;
	int status;

	if (getting->options.offline)
		status = imagecache_read_images(getting->cache, getting->options.server, &lines);
	else
		status = imageserver_read(&getting->options, getting->cache, &lines, failure);
	if (status == -ENOENT && getting->options.offline)
		return failure_say(
			failure, ENOENT,
			"no image of %.200s has been downloaded yet (omit --offline to download it)",
			getting->options.server);
	if (status == 0)
		status = imageserver_parse(&getting->options, lines, &getting->index, failure);
	if (status < 0)
		return status;
	status = imageindex_find(&getting->index, getting->from, getting->architecture,
				 &getting->image, &words);
	if (status == -ENOMEM)
		status = failure_set(failure, status, "cannot look for %s", getting->from);
	else if (status != IMAGEINDEX_FOUND)
		status = say_not_found(getting, status, words, failure);
	free(words);
	return status;
}

/*
 * Returns an fd of the archive. -ENOENT: the server no longer has it.
 */
static int get_archive(const struct getting *getting, struct failure *failure)
{
	const struct image *image = getting->image;
	char *url = url_join(getting->options.server, image->path);
	const struct download download = {.url = url,
					  .user = getting->options.user,
					  .what = image_name(image),
					  .size = image->size,
					  .size_max = image->size};
	bool is_offline = getting->options.offline;
	char found[IMAGE_SHA256_SIZE];
	int fd;

	if (!url)
		return failure_set(failure, ENOMEM, "cannot download %s", image_name(image));
	fd = imagecache_get(getting->cache, image->sha256, is_offline ? NULL : &download, found,
			    failure);
	/* It may have come from another server, or by --sha256. */
	if (fd >= 0 && !is_offline)
		imagecache_keep_image(getting->cache, getting->options.server, image);
	if (fd == -ENOENT && is_offline)
		fd = failure_say(failure, EIO,
				 "%s is not in %s any more (omit --offline to download it)",
				 image_name(image), PATH_CACHEDIR);
	if (fd == -EBADMSG)
		fd = failure_say(failure, EIO,
				 "%.200s does not have the SHA-256 in the index (%s): not used",
				 url, image->sha256);
	free(url);
	return fd;
}

static void say_image_verified(const struct getting *getting, struct source_result *result)
{
	const struct image *image = getting->image;
	const char *how = getting->options.offline ? "as it was downloaded before"
			  : url_kind(getting->options.server) == URL_HTTPS ? "over https"
									   : "on this machine";
	char date[16];

	image_date(image, date);
	snprintf(result->verified, sizeof(result->verified),
		 "%s for %s of %s: its SHA-256 is the one in the index of %.100s, %s",
		 image_name(image), image->architecture, date, getting->options.server, how);
}

/*
 * Servers build daily and remove old builds: then a new index names a new
 * build.
 */
static int get_newest(struct getting *getting, struct failure *failure)
{
	int status, attempt;

	for (attempt = 0; attempt < 2; attempt++) {
		imageindex_clear(&getting->index);
		status = find_image(getting, failure);
		if (status < 0)
			return status;
		status = get_archive(getting, failure);
		if (status != -ENOENT)
			break;
	}
	return status;
}

static int image_fetch(const struct source_request *request, struct source_result *result,
		       struct failure *failure)
{
	const struct archname *arch = archname_wanted(request->options->arch, failure);
	struct getting getting = {.options = *request->options, .from = request->from};
	int status;

	if (!arch)
		return -EINVAL;
	getting.architecture = arch->debian;
	if (!getting.options.server)
		getting.options.server = LSL_IMAGE_SERVER;
	getting.cache = imagecache_open(failure);
	if (getting.cache < 0)
		return getting.cache;
	status = get_newest(&getting, failure);
	if (status >= 0) {
		result->archive = status;
		say_image_verified(&getting, result);
		status = 0;
	}
	imageindex_clear(&getting.index);
	close(getting.cache);
	return status;
}

const struct source source_image = {
	.name = "image",
	.takes = SOURCE_TAKES_ARCH | SOURCE_TAKES_SERVER | SOURCE_TAKES_OFFLINE,
	.claims = image_name_valid,
	.fetch = image_fetch,
};
