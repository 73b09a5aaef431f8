/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mmdebstrap:trixie: a Debian from its archive; apt(8) checks signatures. */
#include "config.h"

#include "create/source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "create/archname.h"
#include "create/url.h"

static const char prefix[] = "mmdebstrap:";

static bool mmdebstrap_claims(const char *from)
{
	return strncmp(from, prefix, sizeof(prefix) - 1) == 0;
}

static int check_suite(const char *suite, const char *server, struct failure *failure)
{
	size_t len = strlen(suite);

	if (len == 0 || *suite == '-' ||
	    strspn(suite, "abcdefghijklmnopqrstuvwxyz0123456789.-") != len)
		return failure_say(failure, EINVAL,
				   "'%.100s' is not the name of a suite (as in mmdebstrap:trixie)",
				   suite);
	/* http is enough: apt verifies signatures. */
	if (server && url_kind(server) == URL_NONE)
		return failure_say(failure, EINVAL, "%.300s is not the address of an archive",
				   server);
	return 0;
}

/* Writes the archive to the file FD. */
static int run_mmdebstrap(const struct source_request *request, const char *suite,
			  const struct archname *arch, int fd, struct failure *failure)
{
	char architectures[64];
	/* It writes the address into the container's sources.list. */
	char *mirror = request->options->server
			       ? url_with_user(request->options->server, request->options->user)
			       : NULL;
	const char *const arguments[] = {"mmdebstrap",
					 "--variant=minbase",
					 "--format=tar",
					 architectures,
					 "--",
					 suite,
					 "-",
					 mirror,
					 NULL};
	struct tool mmdebstrap = {.program = "mmdebstrap",
				  .arguments = arguments,
				  .uses_network = true,
				  /*
				   * Its files are as large as the container,
				   * too large for a small /tmp.
				   */
				  .variable = "TMPDIR=/var/tmp",
				  .privilege = TOOL_ROOT,
				  .output = fd,
				  .what = suite};
	int status;

	if (request->options->server && !mirror)
		return failure_set(failure, ENOMEM, "cannot run mmdebstrap");
	snprintf(architectures, sizeof(architectures), "--architectures=%s", arch->debian);
	status = tool_run(&mmdebstrap, failure);
	if (status == 0 && lseek(fd, 0, SEEK_SET) < 0)
		status = failure_set(failure, errno, "cannot read what mmdebstrap made");
	free(mirror);
	return status;
}

static int mmdebstrap_fetch(const struct source_request *request, struct source_result *result,
			    struct failure *failure)
{
	const char *suite = request->from + sizeof(prefix) - 1;
	const struct archname *arch;
	int status = check_suite(suite, request->options->server, failure);

	if (status < 0)
		return status;
	arch = archname_wanted(request->options->arch, failure);
	if (!arch)
		return -EINVAL;
	result->archive = source_new_file(request, failure);
	if (result->archive < 0)
		return result->archive;
	snprintf(result->verified, sizeof(result->verified),
		 "apt verified the signatures of the archive with this machine's keys");
	return run_mmdebstrap(request, suite, arch, result->archive, failure);
}

const struct source source_mmdebstrap = {
	.name = "mmdebstrap",
	.takes = SOURCE_TAKES_ARCH | SOURCE_TAKES_SERVER,
	.needs_root = true,
	.claims = mmdebstrap_claims,
	.fetch = mmdebstrap_fetch,
};
