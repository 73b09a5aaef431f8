/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A tar archive, by its path, or on standard input by "-".
 */
#include "config.h"

#include "create/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "create/imageindex.h"
#include "safepath.h"

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len > end_len && strcmp(text + len - end_len, end) == 0;
}

static bool archive_claims(const char *from)
{
	static const char *const endings[] = {".tar",     ".tar.gz", ".tgz",     ".tar.xz", ".txz",
					      ".tar.zst", ".tzst",   ".tar.bz2", ".tbz2"};
	size_t i;

	if (strcmp(from, "-") == 0 || source_is_path(from))
		return true;
	for (i = 0; i < sizeof(endings) / sizeof(endings[0]) && !strstr(from, "://"); i++)
		if (ends_with(from, endings[i]))
			return true;
	return false;
}

/*
 * Copies FROM, and closes it. Nobody else can change the copy, and it can be
 * read again.
 */
static int copy_archive(const struct source_request *request, int from, struct failure *failure)
{
	static const char *const arguments[] = {"cat", NULL};
	struct tool cat = {.program = "cat", .arguments = arguments, .input = from};
	struct failure words;
	int status, to = source_new_file(request, failure);

	cat.output = to;
	status = to < 0 ? to : tool_run(&cat, failure);
	close(from);
	if (status == -EIO) {
		words = *failure;
		failure_say(failure, EIO, "cannot store the archive: %.400s", words.text);
	}
	if (status == 0 && lseek(to, 0, SEEK_SET) < 0)
		status = failure_set(failure, errno, "cannot store the archive");
	if (status == 0)
		return to;
	if (to >= 0)
		close(to);
	return status;
}

static int open_archive(const char *from, struct failure *failure)
{
	int fd = strcmp(from, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
					: open(from, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return failure_set(failure, errno, "%s", from);
	if (isatty(fd)) {
		close(fd);
		return failure_say(failure, EINVAL,
				   "'-' is an archive on standard input, which is a terminal here");
	}
	return fd;
}

/* Whether a second read of ST gives the same bytes. */
static bool is_lasting(const struct stat *st, const struct source_request *request, int fd)
{
	if (!S_ISREG(st->st_mode) || lseek(fd, 0, SEEK_CUR) != 0)
		return false;
	return !request->options->sha256 || safepath_is_root_only(st);
}

static int verify_archive(const struct source_request *request, struct source_result *result,
			  struct failure *failure)
{
	char digits[IMAGE_SHA256_SIZE];
	int status;

	if (!request->options->sha256)
		return 0;
	status = tool_sha256(result->archive, digits, failure);
	if (status < 0)
		return status;
	if (strcmp(digits, request->options->sha256) != 0)
		return failure_say(failure, EBADMSG,
				   "its SHA-256 is %s, not the one given with --sha256", digits);
	strcpy(result->verified, "its SHA-256 is the one given with --sha256");
	return 0;
}

static int archive_fetch(const struct source_request *request, struct source_result *result,
			 struct failure *failure)
{
	int fd = open_archive(request->from, failure);
	struct stat st;

	if (fd >= 0 && (fstat(fd, &st) < 0 || !is_lasting(&st, request, fd)))
		fd = copy_archive(request, fd, failure);
	result->archive = fd;
	return fd < 0 ? fd : verify_archive(request, result, failure);
}

const struct source source_archive = {
	.name = "archive",
	.takes = SOURCE_TAKES_SHA256,
	.claims = archive_claims,
	.fetch = archive_fetch,
};
