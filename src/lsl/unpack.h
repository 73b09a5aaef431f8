/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Archives of root filesystems, unpacked as they are: owners, modes, hard
 * links, file capabilities, ACLs. tar(1) does it, and xz(1) and the like, as
 * tools (tool.h).
 */
#ifndef LSL_UNPACK_H
#define LSL_UNPACK_H

#include "tool.h"

/*
 * Unpacks the archive ARCHIVE, an fd that can be read again from its beginning,
 * into the empty directory ROOTFS: a tar archive, or one packed by gzip, xz,
 * zstd or bzip2, which is told by its first bytes. WHAT names it while a
 * terminal shows how far it is. What lies below /dev is left out, and other
 * devices are refused. 0, or a negative errno and FAILURE; then anything may be
 * in ROOTFS.
 */
int unpack(int archive, int rootfs, const char *what, const struct tool_watch *watch,
	   struct failure *failure);

#endif
