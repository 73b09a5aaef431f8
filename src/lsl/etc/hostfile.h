/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file of the host that mnt names, as it is now. Symbolic links of the host
 * are followed.
 */
#ifndef LSL_HOSTFILE_H
#define LSL_HOSTFILE_H

#include <stddef.h>

#include "files/rootfile.h"

/*
 * Reads the file at PATH, absolute, through symbolic links, if it is a regular
 * one with at most MAX bytes. -ENOENT: there is none. -EINVAL: something else.
 * -EFBIG. rootfile_clear frees it.
 */
int hostfile_read(const char *path, size_t max, struct rootfile *file);

/* The same as a text, to be freed; NULL after a failure. */
int hostfile_read_text(const char *path, size_t max, char **text);

#endif
