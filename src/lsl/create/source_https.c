/* SPDX-License-Identifier: GPL-3.0-or-later */
/* https://example.org/rootfs.tar.xz: an archive at an address. */
#include "config.h"

#include "create/source.h"

#include <errno.h>
#include <stdio.h>
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
static int check_archive_address(const struct source_request *request, struct failure *failure)
{
	enum url_kind kind = url_kind(request->from);

	if (kind == URL_NONE)
		return failure_say(failure, EINVAL, "%.300s is not an address", request->from);
	if (kind == URL_HTTP && !request->options->sha256)
		return failure_say(
			failure, EINVAL,
			"%.200s could be changed by anybody on the network: give --sha256, or use https",
			request->from);
	if (request->options->offline && !request->options->sha256)
		return failure_say(failure, EINVAL,
				   "--offline: an archive in the cache is found only by --sha256");
	return 0;
}

static int get_hashed(const struct source_request *request, const struct download *download,
		      struct failure *failure)
{
	int cache = imagecache_open(failure), fd;
	char found[IMAGE_SHA256_SIZE];

	if (cache < 0)
		return cache;
	fd = imagecache_get(cache, request->options->sha256,
			    request->options->offline ? NULL : download, found, failure);
	if (fd == -ENOENT && request->options->offline)
		failure_say(
			failure, ENOENT,
			"no archive with this --sha256 is in %s (omit --offline to download it)",
			PATH_CACHEDIR);
	if (fd == -EBADMSG)
		fd = failure_say(
			failure, EIO,
			"%.200s has the SHA-256 %s, not the one given with --sha256: not used",
			request->from, found);
	close(cache);
	return fd;
}

static void say_archive_verified(const struct source_request *request, struct source_result *result)
{
	const char *host = strstr(request->from, "//") + 2;
	size_t len = strcspn(host, "/?#");

	if (request->options->sha256)
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
	const char *name = strrchr(request->from, '/') + 1;
	const struct download download = {.url = request->from,
					  .user = request->options->user,
					  .what = *name ? name : request->from,
					  .size_max = ARCHIVE_MAX};
	bool has_hash = request->options->sha256 != NULL;
	int status = check_archive_address(request, failure);

	if (status < 0)
		return status;
	/*
	 * Without a hash it is not kept, because it may change at any time.
	 */
	result->archive = has_hash ? get_hashed(request, &download, failure)
				   : source_new_file(request, failure);
	if (result->archive < 0)
		return result->archive;
	if (!has_hash)
		status = download_file(&download, result->archive, failure);
	if (status == 0)
		say_archive_verified(request, result);
	return status;
}

const struct source source_https = {
	.name = "https",
	.takes = SOURCE_TAKES_SHA256 | SOURCE_TAKES_OFFLINE,
	.claims = https_claims,
	.fetch = https_fetch,
};
