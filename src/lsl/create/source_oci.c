/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * docker://REGISTRY/NAME:TAG, oci:DIRECTORY:TAG, docker-archive:FILE: images of
 * other container programs. skopeo(1), without privilege, copies one into a
 * separate directory in STATEDIR; umoci(1) unpacks its layers from there.
 */
#include "config.h"

#include "create/source.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "create/archname.h"
#include "dirstream.h"
#include "create/store.h"
#include "create/url.h"
#include "pathnames.h"

#define DOCKER "docker://"
#define OCI "oci:"
#define ARCHIVE "docker-archive:"

/* The tag that the image has in the directory. */
#define TAG "lsl"

#define SKOPEO_ARGUMENTS 16

/* The copy of an image that is already on this machine. */
#define COPY "copy"

static bool begins(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* The part of FROM after the word for its kind. */
static const char *behind_colon(const char *from)
{
	return from + strcspn(from, ":") + 1;
}

static bool oci_claims(const char *from)
{
	return begins(from, DOCKER) || begins(from, OCI) || begins(from, ARCHIVE);
}

/*
 * Whether NAME, the part after docker://, can be a name; skopeo reports
 * details.
 */
static bool is_reference(const char *name)
{
	return *name && *name != '-' && strlen(name) < 512 &&
	       strspn(name,
		      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/@[]-") ==
		       strlen(name);
}

static long size_of_files(int dir, const char *name)
{
	DIR *stream = dirstream_open(dir, name);
	const struct dirent *entry;
	struct stat st;
	long sum = 0;

	while (stream && (entry = readdir(stream)))
		if (fstatat(dirfd(stream), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(st.st_mode))
			sum += (long)st.st_size;
	if (stream)
		closedir(stream);
	return sum;
}

/* Blobs that skopeo has, and those that it is writing. */
static long count_copied(struct tool *skopeo)
{
	return size_of_files(skopeo->directory, "blobs/sha256") +
	       size_of_files(skopeo->directory, ".");
}

static int run_find(const char *const *arguments, int dir, struct failure *failure)
{
	struct tool find = {.program = "find",
			    .arguments = arguments,
			    .privilege = TOOL_REMOVES,
			    .directory = dir};

	return tool_run(&find, failure);
}

/*
 * The first LEN bytes of PATH, after the working directory. A link is not
 * followed: a user's may lead to an image that only root can read, and skopeo
 * follows the copy of it without privilege.
 */
static char *make_absolute(const char *path, int len)
{
	char *absolute = NULL, *cwd = *path == '/' ? strdup("") : getcwd(NULL, 0);

	if (cwd && asprintf(&absolute, "%s/%.*s", cwd, len, path) < 0)
		absolute = NULL;
	free(cwd);
	return absolute;
}

/*
 * Copies the source of "oci:" or "docker-archive:" into the directory DIR,
 * because skopeo might not reach its place, and writes its name there to
 * SOURCE.
 */
static int copy_local(const struct source_request *request, int dir, char source[NAME_MAX],
		      struct failure *failure)
{
	const char *path = behind_colon(request->from), *tag = strchr(path, ':');
	char *name = make_absolute(path, (int)strcspn(path, ":"));
	const char *const arguments[] = {"cp", "-R", "--no-preserve=mode,ownership", "--", name,
					 COPY, NULL};
	/* skopeo would wait for a fifo's other end. */
	static const char *const no_fifos[] = {"find", COPY, "-type", "p", "-delete", NULL};
	struct tool cp = {.program = "cp",
			  .arguments = arguments,
			  .privilege = TOOL_UNPACKS,
			  .directory = dir};
	int status = name ? 0 : failure_set(failure, errno, "%.300s", request->from);

	if (status == 0 && snprintf(source, NAME_MAX, "%.*s" COPY "%s", (int)(path - request->from),
				    request->from, tag ? tag : "") >= NAME_MAX)
		status = failure_set(failure, ENAMETOOLONG, "cannot use %.300s", request->from);
	if (status == 0)
		status = tool_run(&cp, failure);
	if (status == 0)
		status = run_find(no_fifos, dir, failure);
	free(name);
	return status;
}

/* The arguments with which skopeo copies SOURCE into its working directory. */
static void make_skopeo_arguments(const struct archname *arch, const char *source,
				  const char *arguments[SKOPEO_ARGUMENTS])
{
	bool is_plain = begins(source, DOCKER) && strchr(source + strlen(DOCKER), '/') &&
			url_host_is_loopback(source + strlen(DOCKER));
	size_t n = 0;

	arguments[n++] = "skopeo";
	arguments[n++] = "--override-os=linux";
	/* It writes nowhere else (tool.h). */
	arguments[n++] = "--tmpdir=.";
	if (arch) {
		arguments[n++] = "--override-arch";
		arguments[n++] = arch->go;
	}
	if (arch && arch->go_variant) {
		arguments[n++] = "--override-variant";
		arguments[n++] = arch->go_variant;
	}
	arguments[n++] = "copy";
	if (is_plain)
		arguments[n++] = "--src-tls-verify=false";
	arguments[n++] = "--";
	arguments[n++] = source;
	arguments[n++] = "oci:.:" TAG;
	arguments[n] = NULL;
}

/* Makes skopeo put the image SOURCE into the directory DIR. */
static int copy_image(const struct source_request *request, const char *source, int dir,
		      struct failure *failure)
{
	const char *arguments[SKOPEO_ARGUMENTS];
	struct tool skopeo = {.program = "skopeo",
			      .arguments = arguments,
			      .variable = "HOME=/",
			      .uses_network = true,
			      .privilege = TOOL_NOTHING,
			      .directory = dir,
			      .owns_directory = true,
			      .what = request->from,
			      .count = count_copied};

	make_skopeo_arguments(request->options->arch ? archname_find(request->options->arch) : NULL,
			      source, arguments);
	return tool_run(&skopeo, failure);
}

/*
 * /dev will be the host's, so files of the image below it are left out, as for
 * archives. Elsewhere only an attacker has a use for a device.
 */
static int remove_devices(const struct source_request *request, struct failure *failure)
{
	static const char *const arguments[] = {"find",     ".",  "-xdev", "(",       "-path",
						"./dev/?*", "-o", "-type", "b",       "-o",
						"-type",    "c",  ")",     "-delete", NULL};

	return run_find(arguments, request->rootfs, failure);
}

/* Unpacks the image that is in the second directory. */
static int unpack_image(const struct source_request *request, struct failure *failure)
{
	char image[PATH_MAX];
	const char *const arguments[] = {"umoci", "raw",    "unpack", "--image",
					 image,   "rootfs", NULL};
	struct tool umoci = {.program = "umoci",
			     .arguments = arguments,
			     .privilege = TOOL_UNPACKS_LAYERS,
			     .directory = request->work};
	int status;

	snprintf(image, sizeof(image), "%s/%s:" TAG, PATH_STATEDIR, request->second);
	status = tool_run(&umoci, failure);
	return status < 0 ? status : remove_devices(request, failure);
}

static void say_layers_verified(const struct source_request *request, struct source_result *result)
{
	const char *name = request->from + strlen(DOCKER);
	size_t size = sizeof(result->verified);
	int len = (int)strcspn(name, "/");

	if (!begins(request->from, DOCKER))
		snprintf(result->verified, size,
			 "its layers have the digests that its manifest names");
	else if (strstr(name, "@sha256:"))
		snprintf(
			result->verified, size,
			"its manifest has the digest that was given, and its layers have the digests that the manifest names");
	else
		snprintf(
			result->verified, size,
			"its layers have the digests that its manifest names, which came from %.*s",
			len < 100 && name[len] ? len : 100, name[len] ? name : "docker.io");
}

static int check_image(const struct source_request *request, struct failure *failure)
{
	const char *rest = behind_colon(request->from);
	char program[PATH_MAX];

	if (request->options->arch && !archname_wanted(request->options->arch, failure))
		return -EINVAL;
	if (begins(request->from, DOCKER) ? !is_reference(request->from + strlen(DOCKER))
					  : *rest == '\0' || *rest == ':')
		return failure_say(failure, EINVAL, "%.300s names no image", request->from);
	/* Checked before anything is downloaded for it. */
	return tool_find("skopeo", program, failure) < 0 ? -ENOENT
							 : tool_find("umoci", program, failure);
}

/*
 * Makes the second directory, where a tool without privilege can follow the
 * path to its own directory. Returns an fd.
 */
static int make_second(const struct source_request *request, struct failure *failure)
{
	struct store_work second;
	struct store store;
	int status = store_lock(true, &store, failure);

	if (status < 0)
		return status;
	status = store_begin(&store, request->name, &second, failure);
	store_unlock(&store);
	if (status < 0)
		return status;
	strcpy(request->second, second.name);
	return second.fd;
}

static int oci_fetch(const struct source_request *request, struct source_result *result,
		     struct failure *failure)
{
	bool is_local = !begins(request->from, DOCKER);
	int dir, status = check_image(request, failure);
	char copy[NAME_MAX];

	/* Its lock stays until the process ends. */
	dir = status < 0 ? status : make_second(request, failure);
	if (dir < 0)
		return dir;
	if (is_local)
		status = copy_local(request, dir, copy, failure);
	if (status == 0)
		status = copy_image(request, is_local ? copy : request->from, dir, failure);
	if (status == 0)
		status = unpack_image(request, failure);
	if (status == 0)
		say_layers_verified(request, result);
	return status;
}

const struct source source_oci = {
	.name = "oci",
	.takes = SOURCE_TAKES_ARCH,
	.claims = oci_claims,
	.fetch = oci_fetch,
};
