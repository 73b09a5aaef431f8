/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mmdebstrap:trixie: a Debian from its archive; apt(8) checks signatures. */
#include "config.h"

#include "create/source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
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

/*
 * All users can read the arguments of a process, so the password of an address
 * is not among them: the program executes this with the file of write_login as
 * its input. apt(8) reads it there, and so it does in the container.
 */
static const char login_hook[] =
	"--setup-hook=umask 022; mkdir -p \"$1/etc/apt/auth.conf.d\"; umask 077; "
	"cat >\"$1/etc/apt/auth.conf.d/lsl.conf\"";

/* apt's file has words between blanks. */
static bool is_apt_word(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text <= ' ' || *text == 0x7f)
			return false;
	return true;
}

/* LOGIN and PASSWORD of SERVER in the form of apt_auth.conf(5): an fd. */
static int write_words(const char *server, const char *login, const char *password,
		       struct failure *failure)
{
	int fd, status = 0;

	if (!*login || !*password || !is_apt_word(login) || !is_apt_word(password))
		return failure_say(
			failure, EINVAL,
			"apt cannot use a password, or a user's name, that is empty or has a blank or a control character");
	fd = memfd_create("apt", MFD_CLOEXEC);
	if (fd < 0 ||
	    dprintf(fd, "machine %s login %s password %s\n", server, login, password) < 0 ||
	    lseek(fd, 0, SEEK_SET) < 0)
		status = failure_set(failure, errno, "cannot run mmdebstrap");
	if (status == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return status;
}

/* USER is "NAME:PASSWORD", as it was before the host of SERVER. An fd. */
static int write_login(const char *server, const char *user, struct failure *failure)
{
	char *login = strdup(user), *password = login;
	int fd;

	if (!login)
		return failure_set(failure, ENOMEM, "cannot run mmdebstrap");
	strsep(&password, ":");
	url_decode(login);
	if (password)
		url_decode(password);
	fd = write_words(server, login, password ? password : "", failure);
	free(login);
	return fd;
}

/* Writes the archive to the file FD. INPUT: the login of the mirror, or 0. */
static int run_mmdebstrap(const struct source_request *request, const char *suite,
			  const struct archname *arch, int input, int fd, struct failure *failure)
{
	char architectures[64];
	const char *arguments[10] = {"mmdebstrap", "--variant=minbase", "--format=tar",
				     architectures};
	struct tool mmdebstrap = {.program = "mmdebstrap",
				  .arguments = arguments,
				  .uses_network = true,
				  /*
				   * Its files are as large as the container,
				   * too large for a small /tmp.
				   */
				  .variable = "TMPDIR=/var/tmp",
				  .privilege = TOOL_ROOT,
				  .input = input,
				  .output = fd,
				  .what = suite};
	size_t count = 4;
	size_t len;
	int status;

	snprintf(architectures, sizeof(architectures), "--architectures=%s", arch->debian);
	if (input)
		arguments[count++] = login_hook;
	arguments[count++] = "--";
	arguments[count++] = suite;
	arguments[count++] = "-";
	/* It writes the address into the container's sources.list. */
	arguments[count] = request->options->server;
	status = tool_run(&mmdebstrap, failure);
	/* apt says this, too, if it lacks the key of the signature. */
	if (status < 0 && strstr(failure->text, " is not signed.")) {
		len = strlen(failure->text);
		snprintf(
			failure->text + len, sizeof(failure->text) - len,
			" (the host's keyring may be older: upgrade debian-archive-keyring, or see lsl(8), A keyring for mmdebstrap)");
	}
	if (status == 0 && lseek(fd, 0, SEEK_SET) < 0)
		status = failure_set(failure, errno, "cannot read what mmdebstrap made");
	return status;
}

static int mmdebstrap_fetch(const struct source_request *request, struct source_result *result,
			    struct failure *failure)
{
	const char *suite = request->from + sizeof(prefix) - 1;
	const struct archname *arch;
	const struct options *options = request->options;
	int input = 0, status = check_suite(suite, options->server, failure);

	if (status < 0)
		return status;
	arch = archname_wanted(options->arch, failure);
	if (!arch)
		return -EINVAL;
	result->archive = source_new_file(request, failure);
	if (result->archive < 0)
		return result->archive;
	if (options->server && options->user)
		input = write_login(options->server, options->user, failure);
	if (input < 0)
		return input;
	snprintf(result->verified, sizeof(result->verified),
		 "apt verified the signatures of the archive with this machine's keys");
	status = run_mmdebstrap(request, suite, arch, input, result->archive, failure);
	if (input)
		close(input);
	return status;
}

const struct source source_mmdebstrap = {
	.name = "mmdebstrap",
	.takes = SOURCE_TAKES_ARCH | SOURCE_TAKES_SERVER,
	.needs_root = true,
	.claims = mmdebstrap_claims,
	.fetch = mmdebstrap_fetch,
};
