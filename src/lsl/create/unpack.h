/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Unpacks archives of root filesystems, with owners, modes, hard links, file
 * capabilities and ACLs, by tar(1), xz(1) and similar tools (tool.h).
 */
#ifndef LSL_UNPACK_H
#define LSL_UNPACK_H

#include "create/tool.h"

/*
 * Unpacks the archive ARCHIVE, an fd that can be read again from its beginning,
 * into the empty directory ROOTFS: a tar archive, or one compressed by gzip,
 * xz, zstd or bzip2, which its first bytes show. NAME is its name in the
 * progress on a terminal. Files below /dev are left out, and other devices are
 * refused. Returns 0, or a negative errno and FAILURE; then ROOTFS may have any
 * contents.
 */
int unpack(int archive, int rootfs, const char *name, struct failure *failure);

#endif
