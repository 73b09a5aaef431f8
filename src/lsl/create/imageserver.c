/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "create/imageserver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/debug.h"
#include "create/download.h"
#include "create/imagecache.h"
#include "create/url.h"

#define INDEX "streams/v1/index.json"

/* The largest files that are read; a real images.json has 3 MB. */
#define INDEX_MAX (1L << 20)
#define IMAGES_MAX (32L << 20)

/* jq needs about thirty times the size of its input. */
#define JQ_MEMORY_MAX (2UL << 30)

static int check_server_address(const struct options *options, struct failure *failure)
{
	enum url_kind kind = url_kind(options->server);

	if (kind == URL_HTTPS || kind == URL_LOOPBACK)
		return 0;
	if (kind == URL_HTTP)
		return failure_say(
			failure, EINVAL,
			"%.200s: an image server must use https (or be on a loopback address, 127.0.0.1)",
			options->server);
	return failure_say(failure, EINVAL,
			   "%.200s is not the address of an image server (https://...)",
			   options->server);
}

/*
 * Downloads the file PATH, of at most MAX bytes, and returns the output of the
 * jq program FILTER for it.
 */
static int query(const struct options *options, const char *path, long max, const char *filter,
		 char **text, struct failure *failure)
{
	const char *const arguments[] = {"jq", "--raw-output", filter, NULL};
	struct tool jq = {.program = "jq",
			  .arguments = arguments,
			  .input = memfd_create("index", MFD_CLOEXEC),
			  .memory_max = JQ_MEMORY_MAX};
	char *url = url_join(options->server, path);
	struct download download = {
		.url = url, .user = options->user, .what = "list of images", .size_max = max};
	struct failure words;
	int status;

	if (jq.input < 0 || !url)
		status = failure_set(failure, errno, "cannot download an index");
	else
		status = download_file(&download, jq.input, failure);
	if (status == 0) {
		status = tool_read(&jq, (size_t)max, text, failure);
		words = *failure;
		if (status == -EIO)
			failure_say(failure, EIO, "%.150s/%.80s is not a list of images: %.200s",
				    options->server, path, words.text);
	}
	free(url);
	if (jq.input >= 0)
		close(jq.input);
	return status;
}

/* Downloads all that SERVER has. */
static int download_lines(const struct options *options, char **lines, struct failure *failure)
{
	char *path = NULL, program[PATH_MAX];
	int status;

	/* Checked before anything is downloaded for it. */
	if (tool_find("curl", program, failure) < 0 || tool_find("jq", program, failure) < 0)
		return -ENOENT;
	status = query(options, INDEX, INDEX_MAX, imageindex_jq_path, &path, failure);
	if (status == 0) {
		path[strcspn(path, "\n")] = '\0';
		if (!url_path_valid(path))
			status = failure_say(failure, EIO, "%.200s/%s names no list of images",
					     options->server, INDEX);
	}
	if (status == 0)
		status = query(options, path, IMAGES_MAX, imageindex_jq, lines, failure);
	free(path);
	return status;
}

int imageserver_read(const struct options *options, int cache, char **lines,
		     struct failure *failure)
{
	int status = check_server_address(options, failure);

	if (status < 0)
		return status;
	if (!options->offline) {
		status = download_lines(options, lines, failure);
		if (status == 0 && cache >= 0 && geteuid() == 0 &&
		    imagecache_save_index(cache, options->server, *lines) < 0)
			debug("cannot save the index of %s", options->server);
		return status;
	}
	status = cache < 0 ? -ENOENT : imagecache_read_index(cache, options->server, lines);
	return status < 0
		       ? failure_say(
				 failure, status,
				 "the list of images of %.200s has not been downloaded yet (omit --offline to download it)",
				 options->server)
		       : 0;
}

int imageserver_parse(const struct options *options, char *lines, struct imageindex *index,
		      struct failure *failure)
{
	int status = imageindex_parse(lines, strlen(lines), index);

	if (status == 0 && index->count > 0) {
		debug("%s has %zu images; %zu were refused", options->server, index->count,
		      index->refused);
		return 0;
	}
	imageindex_clear(index);
	if (status == -E2BIG)
		return failure_say(failure, status, "%.200s lists more than %d images",
				   options->server, IMAGEINDEX_MAX);
	return status < 0 ? failure_set(failure, status, "cannot read the list of images")
			  : failure_say(failure, EIO, "%.200s has no image that lsl can use",
					options->server);
}
