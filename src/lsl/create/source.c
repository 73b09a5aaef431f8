/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "create/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A directory that already is a root filesystem: adopted at its place, never
 * copied, changed or removed.
 */

static bool directory_claims(const char *from)
{
	struct stat st;

	return source_is_path(from) && stat(from, &st) == 0 && S_ISDIR(st.st_mode);
}

static int directory_fetch(const struct source_request *request, struct source_result *result,
			   struct failure *failure)
{
	if (realpath(request->from, result->adopted))
		return 0;
	return failure_set(failure, errno, "%s", request->from);
}

const struct source source_directory = {
	.name = "directory",
	.claims = directory_claims,
	.fetch = directory_fetch,
};

static const struct source *const sources[] = {
	&source_oci,
	&source_mmdebstrap,
	&source_https,
	&source_directory,
	&source_archive,
	/* any other word */
	&source_image,
};

const struct source *source_find(const char *from)
{
	size_t i;

	for (i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		if (sources[i]->claims(from))
			return sources[i];
	return NULL;
}

bool source_is_path(const char *from)
{
	return from[0] == '/' || strncmp(from, "./", 2) == 0 || strncmp(from, "../", 3) == 0 ||
	       strcmp(from, ".") == 0 || strcmp(from, "..") == 0;
}

int source_new_file(const struct source_request *request, struct failure *failure)
{
	int err, fd = openat(request->work, ".", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);

	if (fd >= 0)
		return fd;
	/* A file system without O_TMPFILE, NFS for example. */
	fd = openat(request->work, "file", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	err = errno;
	if (fd >= 0)
		unlinkat(request->work, "file", 0);
	return fd >= 0 ? fd : failure_set(failure, err, "cannot make a file");
}
