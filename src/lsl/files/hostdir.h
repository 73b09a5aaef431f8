/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Directories that lsl makes in directories of the host, such as /run. Users
 * can list these, and so hold their locks (unlisted.h). mkdir(2) takes the lock
 * even if the directory exists. So lsl looks first, and makes only what is
 * missing, in another process, which it gives up after a while.
 */
#ifndef LSL_HOSTDIR_H
#define LSL_HOSTDIR_H

#include <sys/types.h>

/*
 * Makes the directory PATH, absolute, with MODE, and missing directories that
 * lead to it with 0755. Returns 0 or a negative errno; -ETIMEDOUT: a directory
 * is held.
 */
int hostdir_make(const char *path, mode_t mode);

/* Removes the empty directory PATH. The same results. */
int hostdir_remove(const char *path);

/*
 * The reason STATUS in words, static. It is a negative errno of these functions
 * or of unlisted_make.
 */
const char *hostdir_why(int status);

#endif
