/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A directory that already is a root filesystem: adopted at its place, never
 * copied, changed or removed.
 */
#include "config.h"

#include "create/source.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

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
