/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Paths that root names and that may lead through directories of users. A user
 * can replace a file there by a symbolic link to a place that is closed to
 * users. Root would follow the link and open the place (CVE-2021-41091,
 * CVE-2015-1335).
 */
#ifndef LSL_HOSTPATH_H
#define LSL_HOSTPATH_H

#include <limits.h>

struct hostpath {
	char place[PATH_MAX]; /* without links */
};

/*
 * Opens PATH, absolute, with O_PATH, below the calling process's root. Symbolic
 * links are followed up to the first directory that other users can change
 * (emptygroup.h, by the account files of that root), and none after it. An fd,
 * or a negative errno: -ELOOP for a link that is not followed, and HOSTPATH,
 * which may be NULL, says where it is.
 */
int hostpath_open(const char *path, struct hostpath *hostpath);

#endif
