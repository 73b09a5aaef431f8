/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Regular files below a root (inroot.h), opened for reading.
 */
#ifndef LSL_INROOT_FILE_H
#define LSL_INROOT_FILE_H

#include <stdio.h>

/*
 * Opens the regular file PATH for reading. Returns an fd or a negative errno.
 * -EINVAL: it is another kind of file, which is not opened at all, because
 * opening a device may have effects, and opening a fifo may wait.
 */
int inroot_open_regular(int root, const char *path);

/* The same with the file of SEEN, an O_PATH fd, which is closed. */
int inroot_reopen_regular(int seen);

/*
 * The same as a stream, of a text that is read line by line. NULL and errno;
 * EFBIG if it is too large, because a line of a sparse file can be longer than
 * memory.
 */
FILE *inroot_open_text(int root, const char *path);

#endif
