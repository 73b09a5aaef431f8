/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "create/download.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "create/url.h"

/*
 * The options of every curl, as its configuration file has them. It gives up if
 * a connection is slower than 1000 bytes a second for ten seconds, and after
 * twelve hours at any rate. When it writes the headers, it has read its
 * configuration from standard input.
 */
static const char curl_options[] = "silent\nshow-error\nfail\ngloboff\nlocation\n"
				   "max-redirs = 5\n"
				   "proto-redir = \"=https\"\n"
				   "user-agent = \"" PACKAGE_NAME "/" PACKAGE_VERSION "\"\n"
				   "connect-timeout = 30\n"
				   "speed-limit = 1000\nspeed-time = 10\n"
				   "max-time = 43200\n"
				   "dump-header = \"/proc/self/fd/0\"\n";

/* The limit of its configuration, and of all headers, which are in memory. */
#define HEADERS_MAX (1024L * 1024)

/* Of curl(1), EXIT CODES. */
enum {
	CURL_UNSUPPORTED_PROTOCOL = 1,
	CURL_HTTP_ERROR = 22,
	CURL_TOO_LARGE = 63,
};

/*
 * Returns the size that the last answer in HEADERS says, for the terminal, or
 * 0.
 */
static long announced_size(int headers)
{
	static const char key[] = "\ncontent-length:";
	char text[16384];
	ssize_t n = pread(headers, text, sizeof(text) - 1, 0);
	const char *next, *answer = text;
	long size;

	text[n > 0 ? n : 0] = '\0';
	for (next = text; (next = strstr(next, "\nHTTP/")); next++)
		answer = next;
	next = strcasestr(answer, key);
	size = next ? strtol(next + strlen(key), NULL, 10) : 0;
	return size > 0 ? size : 0;
}

/* Its headers are in the file with its configuration. */
static long count_downloaded(struct tool *curl)
{
	struct stat st;

	if (fstat(curl->output, &st) < 0)
		return 0;
	if (!curl->size && st.st_size > 0)
		curl->size = announced_size(curl->input);
	return (long)st.st_size;
}

static int explain_curl(const struct tool *curl, const struct download *download,
			struct failure *failure)
{
	static const char head[] = "curl: ";
	const char *words = curl->words;
	int code = WIFEXITED(curl->status) ? WEXITSTATUS(curl->status) : 0;

	if (code == CURL_HTTP_ERROR && strstr(words, "error: 404"))
		return failure_say(failure, ENOENT, "%.300s does not exist (404)", download->url);
	if (code == CURL_UNSUPPORTED_PROTOCOL)
		return failure_say(failure, EIO,
				   "%.300s redirects to an address that is not https: not followed",
				   download->url);
	if (code == CURL_TOO_LARGE)
		return failure_say(failure, EFBIG, "%.300s is larger than %ld bytes", download->url,
				   download->size_max);
	if (strncmp(words, head, sizeof(head) - 1) == 0)
		words += sizeof(head) - 1;
	return failure_say(failure, EIO, "cannot download %.200s: %s", download->url, words);
}

/*
 * Returns an fd of a configuration file for curl, or a negative errno. The
 * address is not among the arguments, which all users can read.
 */
static int write_config(const struct download *download)
{
	char *url = url_with_user(download->url, download->user);
	enum url_kind kind = url_kind(download->url);
	int fd = memfd_create("curl", MFD_CLOEXEC), status = 0;

	/* No character of an address has a meaning between the quotes. */
	if (fd < 0 || !url ||
	    dprintf(fd, "%surl = \"%s\"\nproto = \"%s\"\nmax-filesize = %ld\n", curl_options, url,
		    kind == URL_HTTPS ? "=https" : "=http,https", download->size_max) < 0)
		status = -errno;
	/* A proxy is another machine. */
	else if (kind == URL_LOOPBACK && dprintf(fd, "noproxy = \"*\"\n") < 0)
		status = -errno;
	if (status == 0 && lseek(fd, 0, SEEK_SET) < 0)
		status = -errno;
	free(url);
	if (status == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return status;
}

int download_file(const struct download *download, int fd, struct failure *failure)
{
	static const char *const arguments[] = {"curl", "--disable", "--config", "-", NULL};
	struct tool curl = {.program = "curl",
			    .arguments = arguments,
			    .uses_network = true,
			    .privilege = TOOL_NOTHING,
			    .input = write_config(download),
			    .output = fd,
			    .output_max = (size_t)download->size_max + 1,
			    .input_max = HEADERS_MAX,
			    .what = download->what,
			    .size = download->size,
			    .count = count_downloaded};
	struct stat st;
	int status;

	if (curl.input < 0)
		return failure_set(failure, curl.input, "cannot run curl");
	status = tool_run(&curl, failure);
	close(curl.input);
	if (fstat(fd, &st) < 0)
		return failure_set(failure, errno, "cannot look at what was downloaded");
	if (status != -EINTR && st.st_size > download->size_max)
		return failure_say(failure, EFBIG, "%.300s is larger than %ld bytes", download->url,
				   download->size_max);
	if (status == -EFBIG)
		return failure_say(failure, EFBIG, "%.300s has too many headers", download->url);
	if (status == 0 && download->size && st.st_size != download->size)
		return failure_say(failure, EIO, "%.300s has %lld bytes instead of %ld: not used",
				   download->url, (long long)st.st_size, download->size);
	if (status == 0 && lseek(fd, 0, SEEK_SET) < 0)
		return failure_set(failure, errno, "cannot read what was downloaded");
	return status == -EIO ? explain_curl(&curl, download, failure) : status;
}
