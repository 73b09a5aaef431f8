/* SPDX-License-Identifier: GPL-3.0-or-later */
/* https://example.org/rootfs.tar.xz: an archive at an address. */
#include "config.h"

#include "create/source.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "create/download.h"
#include "create/imagecache.h"
#include "pathnames.h"
#include "create/url.h"

/* 256 GiB; the disk is full before that. */
#define ARCHIVE_MAX (256L << 30)

static bool https_claims(const char *from)
{
	return strncmp(from, "https://", 8) == 0 || strncmp(from, "http://", 7) == 0;
}

/* Whether a download from the address may be used at all. */
static int check_address(const struct source_request *request, struct failure *failure)
{
	enum url_kind kind = url_kind(request->from);

	if (kind == URL_NONE)
		return failure_say(failure, EINVAL, "%.300s is not an address", request->from);
	if (kind == URL_HTTP && !request->sha256)
		return failure_say(
			failure, EINVAL,
			"%.200s could be changed by anybody on the network: give --sha256, or use https",
			request->from);
	if (request->offline && !request->sha256)
		return failure_say(failure, EINVAL,
				   "--offline: an archive in the cache is found only by --sha256");
	return 0;
}

/* Opens the archive with that hash in the cache; -ENOENT: none. */
static int open_kept(const struct source_request *request, int cache, struct failure *failure)
{
	int fd = imagecache_find(cache, request->sha256), status;
	char sha256[65];

	if (fd < 0)
		return -ENOENT;
	status = source_sha256(fd, sha256, failure);
	if (status == 0 && strcmp(sha256, request->sha256) == 0)
		return fd;
	close(fd);
	if (status < 0)
		return status;
	imagecache_drop(cache, request->sha256);
	return -ENOENT;
}

static int get_file(const struct source_request *request, int fd, struct failure *failure)
{
	const char *name = strrchr(request->from, '/') + 1;
	const struct download download = {.url = request->from,
					  .user = request->user,
					  .what = *name ? name : request->from,
					  .size_max = ARCHIVE_MAX};
	int status = download_file(&download, fd, failure);

	if (status == 0 && lseek(fd, 0, SEEK_SET) < 0)
		status = failure_set(failure, errno, "cannot read what was downloaded");
	return status;
}

/*
 * Downloads the archive into the cache, and returns its fd if it has the right
 * hash.
 */
static int download_hashed(const struct source_request *request, int cache, struct failure *failure)
{
	struct imagecache_new new;
	char sha256[65];
	int status = imagecache_new_file(cache, &new, failure);

	if (status < 0)
		return status;
	status = get_file(request, new.fd, failure);
	if (status == 0)
		status = source_sha256(new.fd, sha256, failure);
	if (status == 0 && strcmp(sha256, request->sha256) != 0)
		status = failure_say(
			failure, EIO,
			"%.200s has the SHA-256 %s, not the one given with --sha256: not used",
			request->from, sha256);
	if (status == 0)
		status = imagecache_keep(cache, &new, request->sha256, failure);
	if (status == 0)
		return new.fd;
	imagecache_remove(cache, &new);
	return status;
}

static int get_hashed(const struct source_request *request, struct failure *failure)
{
	int cache = imagecache_open(failure), fd;

	if (cache < 0)
		return cache;
	fd = open_kept(request, cache, failure);
	if (fd == -ENOENT && request->offline)
		fd = failure_say(
			failure, ENOENT,
			"no archive with this --sha256 is in %s (omit --offline to download it)",
			PATH_CACHEDIR);
	else if (fd == -ENOENT)
		fd = download_hashed(request, cache, failure);
	close(cache);
	return fd;
}

/*
 * Downloads it without a hash, and does not keep it, because it may change at
 * any time.
 */
static int get_plain(const struct source_request *request, struct failure *failure)
{
	int fd = source_new_file(request, failure), status;

	if (fd < 0)
		return fd;
	status = get_file(request, fd, failure);
	if (status == 0)
		return fd;
	close(fd);
	return status;
}

static void say_verified(const struct source_request *request, struct source_result *result)
{
	const char *host = strstr(request->from, "//") + 2;
	size_t len = strcspn(host, "/?#");

	if (request->sha256)
		snprintf(result->verified, sizeof(result->verified),
			 "its SHA-256 is the one given with --sha256");
	else if (url_kind(request->from) == URL_HTTPS)
		snprintf(result->verified, sizeof(result->verified),
			 "it came from %.*s over https; without --sha256 nothing else was verified",
			 (int)(len < 100 ? len : 100), host);
	else
		snprintf(result->verified, sizeof(result->verified),
			 "it came from this machine; without --sha256 nothing was verified");
}

static int https_fetch(const struct source_request *request, struct source_result *result,
		       struct failure *failure)
{
	int status = check_address(request, failure);

	if (status < 0)
		return status;
	result->archive = request->sha256 ? get_hashed(request, failure)
					  : get_plain(request, failure);
	if (result->archive < 0) {
		status = result->archive;
		result->archive = -1;
		return status;
	}
	say_verified(request, result);
	return 0;
}

const struct source source_https = {
	.name = "https",
	.takes = SOURCE_TAKES_SHA256 | SOURCE_TAKES_OFFLINE,
	.claims = https_claims,
	.fetch = https_fetch,
};
