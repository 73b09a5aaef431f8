/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sources of containers for lsl create. Each kind of source is one file,
 * source_*.c, with one struct source; a new kind is a new file and a line in
 * the table of source.c.
 *
 * A source fetches in the process of making.h: as root, with the capabilities
 * that tools need and without a system call filter. So only a tool (tool.h)
 * with TOOL_NOTHING may read bytes from others.
 */
#ifndef LSL_SOURCE_H
#define LSL_SOURCE_H

#include <limits.h>
#include <stdbool.h>

#include "create/tool.h"
#include "failure.h"
#include "lsl.h"

/* The options that a kind of source takes; others are wrong usage. */
enum {
	SOURCE_TAKES_ARCH = 1,
	SOURCE_TAKES_SHA256 = 2,
	SOURCE_TAKES_SERVER = 4,
	SOURCE_TAKES_OFFLINE = 8,
};

struct source_request {
	/* the argument of --from; the container's name without that option */
	const char *from;
	const char *name; /* the container's */
	const struct options *options; /* those that the source takes */

	/*
	 * A directory of this request's own, root's with mode 0700, on the file
	 * system that the root filesystem will be on. All that is left in it is
	 * removed afterwards. A tool without privilege reaches it only as its
	 * working directory.
	 */
	int work;
	int rootfs; /* the empty directory "rootfs" in it */
	/*
	 * NAME_MAX + 1 bytes for the name of a second directory, which the
	 * source may make by store_begin; removed in the end
	 */
	char *second;
};

struct source_result {
	/*
	 * An open tar archive, compressed or not, at its beginning. The caller
	 * unpacks it into rootfs, and closes it, also after a failure.
	 * Negative: the source has filled rootfs, or adopts a directory.
	 */
	int archive;
	/*
	 * the absolute path of a directory that is used where it is, or empty
	 */
	char adopted[PATH_MAX];
	/*
	 * A sentence that says what was verified: "its SHA-256 is the one given
	 * with --sha256". Empty: nothing was.
	 */
	char verified[256];
};

struct source {
	const char *name; /* "archive", for the record and --debug */
	unsigned int takes; /* SOURCE_TAKES_... */
	bool needs_root; /* a tool of it is TOOL_ROOT */

	/*
	 * Whether FROM has the form of this kind, or names a file of this kind
	 * on this machine; nothing is opened. The first kind in the table that
	 * claims FROM gets it.
	 */
	bool (*claims)(const char *from);

	/*
	 * Gets the source REQUEST->from. *RESULT is empty before, and its
	 * archive -1.
	 * Returns 0, or a negative errno and a line in FAILURE for the user,
	 * which is empty if it has printed several lines by lsl_say. -EINVAL:
	 * wrong usage, lsl exits with 2.
	 */
	int (*fetch)(const struct source_request *request, struct source_result *result,
		     struct failure *failure);
};

extern const struct source source_archive; /* ./rootfs.tar.xz, - */
extern const struct source source_directory; /* ./rootfs */
extern const struct source source_image; /* debian/13 */
extern const struct source source_https; /* https://example.org/rootfs.tar.xz */
extern const struct source source_oci; /* docker://, oci:, docker-archive: */
extern const struct source source_mmdebstrap; /* mmdebstrap:trixie */

/* The kind of the source FROM; NULL: none. */
const struct source *source_find(const char *from);

/* Whether FROM is a path: it begins with '/', './' or '../'. */
bool source_is_path(const char *from);

/*
 * Opens a new file without a name in the request's directory, for reading and
 * writing. Returns an fd or a negative errno.
 */
int source_new_file(const struct source_request *request, struct failure *failure);

#endif
